package io.fairlead.agent.history;

import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * A change in the cluster as it is remembered: without the object.
 *
 * @param kind as in a manifest, "Service"
 * @param version as {@link ObjectChange#version}
 * @param service of an EndpointSlice, the Service that it is of
 */
record ObjectEvent(
    String kind, ObjectKey key, Effect effect, String version, @Nullable ObjectKey service) {

  /** Null if the change is of no object. */
  static @Nullable ObjectEvent of(ObjectChange change, Effect effect, @Nullable ObjectKey service) {
    return switch (change) {
      case ObjectChange.ServiceChanged it -> event("Service", it.key(), effect, change, it.key());
      case ObjectChange.EndpointSliceChanged it ->
          event("EndpointSlice", it.key(), effect, change, service);
      case ObjectChange.NodeChanged it ->
          event("Node", ObjectKey.cluster(it.name()), effect, change, null);
      case ObjectChange.PodChanged it -> event("Pod", it.key(), effect, change, null);
      case ObjectChange.NamespaceChanged it ->
          event("Namespace", ObjectKey.cluster(it.name()), effect, change, null);
      case ObjectChange.NetworkPolicyChanged it ->
          event("NetworkPolicy", it.key(), effect, change, null);
      case ObjectChange.Synced _ -> null;
    };
  }

  private static ObjectEvent event(
      String kind, ObjectKey key, Effect effect, ObjectChange change, @Nullable ObjectKey service) {
    return new ObjectEvent(kind, key, effect, change.version(), service);
  }

  /**
   * Whether it is worth an entry where nothing had to be done: pods and namespaces come and go in
   * the whole cluster, and would push out everything else.
   */
  boolean isTold() {
    return !kind.equals("Pod") && !kind.equals("Namespace");
  }

  /** About as many bytes as it takes. */
  int weight() {
    return 200 + version.length();
  }

  RoundReport.Event report() {
    return new RoundReport.Event(
        kind,
        key.toString(),
        effect.text(),
        version,
        service == null || service.equals(key) ? "" : service.toString());
  }
}
