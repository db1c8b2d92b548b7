package io.fairlead.iptables;

import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.Frontend.Kind;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServicePortFragment;
import io.fairlead.dataplane.service.VirtualAddress;

/** Which chain of a port each of its frontends leads to. */
final class Treatment {

  private Treatment() {}

  static String cluster(PortId id) {
    return ChainNames.hashed("SVC", id.identity());
  }

  static String local(PortId id) {
    return ChainNames.hashed("SVL", id.identity());
  }

  /** Whether clients may be sent to all endpoints. */
  static boolean reachesCluster(Frontend frontend) {
    return frontend.reach() != Reach.LOCAL;
  }

  /** Whether clients may be sent to this node's endpoints only. */
  static boolean reachesLocal(Frontend frontend) {
    return frontend.reach() != Reach.CLUSTER;
  }

  /**
   * Whether the frontend leads to the endpoints' chain at once, which then also marks its clients.
   * Cluster IPs do, as there is one per port; all others share a chain in between.
   */
  static boolean isDirect(FrontendAddress address, Frontend frontend) {
    return frontend.reach() != Reach.LOCAL_FROM_OUTSIDE
        && (frontend.masquerade() == Masquerade.NOBODY
            || (frontend.kind() == Kind.CLUSTER_IP && address instanceof VirtualAddress));
  }

  /**
   * The chain for clients from outside: EXT under policy Cluster, EXL under policy Local. Its hash
   * is that of the port's other chains unless clients are masqueraded in an unusual way.
   */
  static String external(PortId id, Frontend frontend) {
    boolean everywhere = frontend.reach() == Reach.CLUSTER;
    Masquerade usual = everywhere ? Masquerade.EVERYBODY : Masquerade.NODE;
    boolean isUsual = frontend.masquerade() == usual && frontend.reach() != Reach.LOCAL;
    return ChainNames.hashed(
        everywhere ? "EXT" : "EXL",
        isUsual
            ? id.identity()
            : id.identity() + "/" + frontend.reach() + "/" + frontend.masquerade());
  }

  /** The chain that the frontend's admitted clients go to. */
  static String entry(PortId id, FrontendAddress address, Frontend frontend) {
    if (!isDirect(address, frontend)) {
      return external(id, frontend);
    }
    return reachesCluster(frontend) ? cluster(id) : local(id);
  }

  /** The chain that admits only some clients; each address may admit others. */
  static String firewall(PortId id, FrontendAddress address) {
    return ChainNames.hashed("FW", id.identity() + "/" + address);
  }

  /** Whether any client reaches an endpoint. */
  static boolean isServed(ServicePortFragment port, Frontend frontend) {
    return !port.inside(frontend).isEmpty() || !port.outside(frontend).isEmpty();
  }

  /** Whether every client reaches an endpoint. */
  static boolean isWhollyServed(ServicePortFragment port, Frontend frontend) {
    return !port.inside(frontend).isEmpty() && !port.outside(frontend).isEmpty();
  }

  /** What the clients meet that reach none. */
  static Absence absence(ServicePortFragment port, Frontend frontend) {
    return port.outside(frontend).isEmpty()
        ? port.outside(frontend).absence()
        : port.inside(frontend).absence();
  }
}
