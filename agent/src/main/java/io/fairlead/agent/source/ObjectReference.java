package io.fairlead.agent.source;

import io.fairlead.dataplane.model.ObjectKey;

/** An object that something can be told of. */
public record ObjectReference(Kind kind, ObjectKey key) {

  /** The kinds that people look at to learn why their traffic goes as it does. */
  public enum Kind {
    SERVICE("v1", "Service"),
    NETWORK_POLICY("networking.k8s.io/v1", "NetworkPolicy");

    private final String apiVersion;
    private final String kubernetesName;

    Kind(String apiVersion, String kubernetesName) {
      this.apiVersion = apiVersion;
      this.kubernetesName = kubernetesName;
    }

    /** Group and version, as an object's apiVersion has them. */
    public String apiVersion() {
      return apiVersion;
    }

    /** As an object's kind has it. */
    public String kubernetesName() {
      return kubernetesName;
    }
  }

  public static ObjectReference service(ObjectKey key) {
    return new ObjectReference(Kind.SERVICE, key);
  }

  public static ObjectReference networkPolicy(ObjectKey key) {
    return new ObjectReference(Kind.NETWORK_POLICY, key);
  }

  /** "Service default/web". */
  @Override
  public String toString() {
    return kind.kubernetesName() + " " + key;
  }
}
