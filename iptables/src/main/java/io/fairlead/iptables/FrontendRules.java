package io.fairlead.iptables;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.AddressClaims.Owner;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.ServicePortFragment;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.iptables.DispatchTree.Entry;
import io.fairlead.iptables.rule.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one rule of each table that packets to an address of a Service meet. */
final class FrontendRules {

  private FrontendRules() {}

  /** For table nat; null if nothing is translated. */
  static @Nullable Entry nat(FrontendAddress address, Owner owner) {
    PortId id = PortId.of(owner.service(), owner.port());
    Frontend frontend = owner.frontend();
    if (Treatment.isServed(owner.port(), frontend)) {
      String chain =
          frontend.allowedSources() == null
              ? Treatment.entry(id, address, frontend)
              : Treatment.firewall(id, address);
      return entry(address, id, kind(frontend), new Target.Jump(chain));
    }
    return switch (address) {
      // Or it could still be taken for a node port.
      case VirtualAddress _ -> entry(address, id, "has no endpoints", Rules.ACCEPT);
      case NodePort _ -> null;
    };
  }

  private static String kind(Frontend frontend) {
    return switch (frontend.kind()) {
      case CLUSTER_IP -> "cluster IP";
      case EXTERNAL_IP -> "external IP";
      case LOAD_BALANCER -> "load balancer IP";
      case NODE_PORT -> "node port";
    };
  }

  /** For table filter, which packets reach that were not translated; null if there are none. */
  static @Nullable Entry filter(FrontendAddress address, Owner owner) {
    PortId id = PortId.of(owner.service(), owner.port());
    Frontend frontend = owner.frontend();
    ServicePortFragment port = owner.port();
    List<Cidr> allowed = frontend.allowedSources();
    if (allowed == null && Treatment.isWhollyServed(port, frontend)) {
      return null;
    }
    if (!PortChains.refusesSome(port, frontend)) {
      String why =
          Treatment.isWhollyServed(port, frontend) ? "not admitted" : "has no local endpoints";
      return entry(address, id, why, Rules.DROP);
    }
    return entry(
        address,
        id,
        "has no endpoints",
        allowed == null ? Rules.REJECT : new Target.Jump(Treatment.firewall(id, address)));
  }

  private static Entry entry(FrontendAddress address, PortId id, String remark, Target target) {
    DispatchKey key = DispatchKey.of(address);
    return new Entry(key, Rules.rule(key.matches(Rules.comment(id + " " + remark)), target), id);
  }

  /** For table filter: what goes to a cluster IP and to no port of it that is served. */
  static Entry unusedPorts(IpAddress clusterIp) {
    DispatchKey key = new DispatchKey(clusterIp, null, 0);
    return new Entry(
        key,
        Rules.rule(key.matches(Rules.comment("ports that no Service uses")), Rules.REJECT),
        null);
  }
}
