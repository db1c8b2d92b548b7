package io.fairlead.dataplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What policies need of a Pod (core/v1) that has not ended: one that Succeeded or Failed has no
 * record, since its address may be another's already.
 *
 * @param uid of the object or, for the mirror of a static pod, the annotation
 *     kubernetes.io/config.hash, which is what the runtime is told; empty if unknown
 * @param addresses status.podIPs; of a host-network pod those of its node. Empty before the pod has
 *     any
 * @param node spec.nodeName, null while the pod is not scheduled
 * @param hostNetwork whether it shares its node's network: then it is neither subject nor peer
 * @param ports the container ports that have a name, of all containers that stay
 * @param created metadata.creationTimestamp in seconds since 1970, 0 if unknown: of two pods that
 *     claim one address the later one has it
 */
public record PodRecord(
    ObjectKey key,
    String uid,
    Labels labels,
    List<IpAddress> addresses,
    @Nullable String node,
    boolean hostNetwork,
    List<ContainerPort> ports,
    long created) {

  public PodRecord {
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
  }

  /**
   * A port that policies may name.
   *
   * @param port 1 to 65535
   */
  public record ContainerPort(String name, Protocol protocol, int port) {}

  /** A pod that nothing is known of but its name: it has no labels. */
  public static PodRecord unlabelled(ObjectKey key, String node) {
    return new PodRecord(key, "", Labels.NONE, List.of(), node, false, List.of(), 0);
  }
}
