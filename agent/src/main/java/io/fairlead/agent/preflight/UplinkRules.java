package io.fairlead.agent.preflight;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.OverlayMode;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import java.util.ArrayList;
import java.util.List;

/** The link to other nodes, and what else has the tunnel's place. Pure. */
final class UplinkRules {

  private static final String AREA = "network";
  private static final String OURS = "fairlead-vxlan";

  /** What VXLAN adds to a packet, in bytes: its own 8, UDP 8, IPv4 20 and Ethernet 14. */
  private static final int TUNNEL_OVERHEAD = 50;

  private UplinkRules() {}

  static List<Finding> judge(HostFacts host, AgentConfiguration configuration) {
    List<Finding> findings = new ArrayList<>();
    findings.add(uplink(host, configuration));
    if (configuration.overlay() == OverlayMode.VXLAN) {
      for (Link link : host.links()) {
        if (link.kind() instanceof LinkKind.Vxlan vxlan
            && !link.name().equals(OURS)
            && vxlan.vni() == configuration.tunnel().vni()
            && vxlan.port() == configuration.tunnel().port()) {
          findings.add(
              Finding.fail(
                  AREA,
                  "link " + link.name(),
                  "has VNI " + vxlan.vni() + " and port " + vxlan.port() + ", as ours would",
                  "Delete it once nothing uses it (ip link delete "
                      + link.name()
                      + "), or set another vxlan-vni on all nodes"));
        }
      }
    }
    return findings;
  }

  private static Finding uplink(HostFacts host, AgentConfiguration configuration) {
    Link uplink = host.uplink();
    if (uplink == null) {
      return Finding.warn(
          AREA,
          "uplink",
          "there is no default route",
          "Add one, or see that the node's InternalIP is on a link of this host");
    }
    String subject = "uplink " + uplink.name();
    boolean tunnel = configuration.overlay() == OverlayMode.VXLAN;
    int most = uplink.mtu() - (tunnel ? TUNNEL_OVERHEAD : 0);
    if (configuration.mtu() == 0) {
      return Finding.ok(AREA, subject, "MTU " + uplink.mtu() + ", so pods get " + most);
    }
    return configuration.mtu() > most
        ? Finding.fail(
            AREA,
            subject,
            "MTU "
                + uplink.mtu()
                + " leaves "
                + most
                + " for pods, and mtu: "
                + configuration.mtu()
                + " is configured; large packets are lost",
            "Set mtu: " + most + " or less, or leave it out")
        : Finding.ok(
            AREA, subject, "MTU " + uplink.mtu() + ", enough for pods with " + configuration.mtu());
  }
}
