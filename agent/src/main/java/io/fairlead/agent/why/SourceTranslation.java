package io.fairlead.agent.why;

import io.fairlead.agent.why.ServiceLookup.Found;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.service.Frontend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a node replaces the source address of a packet by its own, and why. */
record SourceTranslation(boolean masquerades, String reason) {

  private static final SourceTranslation NONE = new SourceTranslation(false, "");

  static SourceTranslation of(
      NodeFacts facts, Packet packet, IpAddress target, Found.@Nullable Service service) {
    if (target.equals(packet.sourceAddress())) {
      return service == null ? NONE : new SourceTranslation(true, "the client is sent to itself");
    }
    if (service != null && isMasqueraded(packet, service)) {
      return new SourceTranslation(true, reason(service));
    }
    List<Cidr> spared = facts.unmasqueraded();
    boolean leaves =
        packet.isFromPodOfEntry()
            && spared != null
            && spared.stream().noneMatch(cidr -> cidr.contains(target));
    return leaves
        ? new SourceTranslation(true, "networks outside the cluster do not know pods' addresses")
        : NONE;
  }

  private static boolean isMasqueraded(Packet packet, Found.Service service) {
    return switch (service.frontend().masquerade()) {
      case NOBODY -> false;
      case NODE -> packet.isFromEntry();
      case ALL_BUT_LOCAL_PODS -> !packet.isFromPodOfEntry();
      case EVERYBODY -> true;
    };
  }

  private static String reason(Found.Service service) {
    return switch (service.frontend().masquerade()) {
      case EVERYBODY ->
          service.frontend().kind() == Frontend.Kind.CLUSTER_IP
              ? "masquerade-all is set"
              : "externalTrafficPolicy is Cluster, so any node may have been asked";
      case ALL_BUT_LOCAL_PODS -> "the client is no pod of this node";
      case NODE, NOBODY -> "the node itself asks";
    };
  }

  /** The address that the destination's node sees. */
  IpAddress seen(Packet packet, IpAddress target) {
    NodeRecord entry = packet.entry();
    IpAddress own = entry == null ? null : entry.address(target.family());
    return masquerades && own != null ? own : packet.sourceAddress();
  }
}
