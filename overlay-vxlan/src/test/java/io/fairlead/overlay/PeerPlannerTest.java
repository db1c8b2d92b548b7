package io.fairlead.overlay;

import static io.fairlead.overlay.Nodes.dual;
import static io.fairlead.overlay.Nodes.node;
import static io.fairlead.overlay.Nodes.withMac;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PeerPlannerTest {

  private static final NodeRecord SELF = dual(1);
  private static final Underlay UNDERLAY =
      new Underlay(
          Map.of(
              AddressFamily.IPV4,
              new Underlay.Path(
                  IpAddress.parse("192.0.2.1"),
                  2,
                  "eth0",
                  1500,
                  List.of(Cidr.parse("192.0.2.0/24"))),
              AddressFamily.IPV6,
              new Underlay.Path(
                  IpAddress.parse("2001:db8::1"),
                  2,
                  "eth0",
                  1500,
                  List.of(Cidr.parse("2001:db8::/64")))),
          AddressFamily.IPV4);

  private static List<String> plan(OverlayOptions options, NodeRecord peer) {
    PeerPlan plan = new PeerPlanner(SELF, UNDERLAY, options, 7).plan(peer);
    List<String> lines = new ArrayList<>();
    plan.entries().forEach(entry -> lines.add(entry.toString()));
    plan.problems().forEach(problem -> lines.add("! " + problem));
    return lines;
  }

  private static List<String> vxlan(NodeRecord peer) {
    return plan(OverlayOptions.of(OverlayMode.VXLAN), peer);
  }

  private static List<String> hostGateway(NodeRecord peer) {
    return plan(OverlayOptions.of(OverlayMode.HOST_GW), peer);
  }

  @Test
  void vxlanNeedsAnEndpointNextHopsAndRoutes() {
    assertThat(vxlan(withMac(dual(2), "0a:00:00:00:00:02")))
        .containsExactly(
            "forwarding 0a:00:00:00:00:02 dev 7 to 192.0.2.2 self permanent",
            "neighbour 10.244.2.0 dev 7 mac 0a:00:00:00:00:02 permanent proto 102",
            "neighbour fe80::800:ff:fe00:2 dev 7 mac 0a:00:00:00:00:02 permanent proto 102",
            "route 10.244.2.0/24 via 10.244.2.0 dev 7 onlink proto 102",
            "route fd00:10:244:2::/64 via fe80::800:ff:fe00:2 dev 7 proto 102");
  }

  @Test
  void hostGatewayNeedsRoutesOnly() {
    assertThat(hostGateway(dual(2)))
        .containsExactly(
            "route 10.244.2.0/24 via 192.0.2.2 dev 2 proto 102",
            "route fd00:10:244:2::/64 via 2001:db8::2 dev 2 proto 102");
  }

  @Test
  void noneNeedsNothingAndSoDoesTheNodeItself() {
    assertThat(plan(OverlayOptions.of(OverlayMode.NONE), dual(2))).isEmpty();
    assertThat(vxlan(SELF)).isEmpty();
  }

  @Test
  @DisplayName("Peers on the link are reached plainly, others by the tunnel (pod-network 48)")
  void directRoutingChoosesByPeer() {
    OverlayOptions options = OverlayOptions.of(OverlayMode.VXLAN).withDirectRouting(true);
    assertThat(plan(options, node("b", "192.0.2.2", "10.244.2.0/24")))
        .containsExactly("route 10.244.2.0/24 via 192.0.2.2 dev 2 proto 102");
    assertThat(plan(options, node("b", "198.51.100.2", "10.244.2.0/24")))
        .hasSize(3)
        .last()
        .isEqualTo("route 10.244.2.0/24 via 10.244.2.0 dev 7 onlink proto 102");
  }

  @Test
  @DisplayName("A host-gw peer that is not on the link is an error, not a route (pod-network 50)")
  void hostGatewayDemandsAdjacency() {
    assertThat(hostGateway(node("b", "198.51.100.2", "10.244.2.0/24")))
        .containsExactly(
            "! node b: its pods of 10.244.2.0/24 cannot be reached in mode host-gw: its address"
                + " 198.51.100.2 is not on this node's link eth0 [192.0.2.0/24]; use mode vxlan");
    assertThat(hostGateway(node("b", "192.0.2.2", "10.244.2.0/24", "fd00:2::/64")))
        .containsExactly(
            "route 10.244.2.0/24 via 192.0.2.2 dev 2 proto 102",
            "! node b: its pods of fd00:2::/64 cannot be reached: it has no IPv6 InternalIP");
  }

  @Test
  @DisplayName("What a peer lacks is reported in its name (pod-network 54)")
  void incompletePeersAreProblems() {
    assertThat(vxlan(node("b", "192.0.2.2")))
        .singleElement()
        .asString()
        .startsWith("! node b: it has no podCIDR yet");
    assertThat(vxlan(node("b", "10.244.2.0/24")))
        .singleElement()
        .asString()
        .startsWith("! node b: it has no IPv4 InternalIP");
    assertThat(vxlan(node("b", "192.0.2.1", "10.244.2.0/24")))
        .containsExactly("! node b: it claims this node's own InternalIP 192.0.2.1");
    assertThat(vxlan(node("b", "192.0.2.2", "128.0.0.0/1")))
        .containsExactly(
            "! node b: its pod CIDR 128.0.0.0/1 holds addresses of nodes, its own or ours; give it"
                + " another");
    assertThat(vxlan(node("b", "192.0.2.2", "10.244.0.0/16")))
        .containsExactly(
            "! node b: its pod CIDR 10.244.0.0/16 overlaps that of this node, node-1; give it"
                + " another");
  }

  private static NodeRecord flannel(String backend, int vni, @Nullable String mac) {
    return node("b", "203.0.113.2", "10.244.2.0/24", "fd00:2::/64")
        .withFlannel(
            new FlannelNode(
                backend,
                vni,
                mac == null ? null : MacAddress.parse(mac),
                IpAddress.parse("192.0.2.2"),
                true));
  }

  @Test
  @DisplayName(
      "A peer that runs flannel is reached as its annotations say, at its public-ip"
          + " (pod-network 49, 54)")
  void flannelPeers() {
    OverlayOptions options = OverlayOptions.of(OverlayMode.VXLAN).withVni(1);
    NodeRecord peer = flannel("vxlan", 1, "6a:00:00:00:00:02");
    List<String> entries =
        List.of(
            "forwarding 6a:00:00:00:00:02 dev 7 to 192.0.2.2 self permanent",
            "neighbour 10.244.2.0 dev 7 mac 6a:00:00:00:00:02 permanent proto 102",
            "route 10.244.2.0/24 via 10.244.2.0 dev 7 onlink proto 102");
    assertThat(plan(options, peer))
        .containsAll(entries)
        .hasSize(4)
        .last()
        .asString()
        .startsWith(
            "! node b: its pods of fd00:2::/64 cannot be reached: flannel has another device");
    assertThat(plan(options.withDirectRouting(true), peer))
        .contains("route 10.244.2.0/24 via 192.0.2.2 dev 2 proto 102");
    assertThat(plan(options, flannel("host-gw", 0, null)))
        .contains("route 10.244.2.0/24 via 192.0.2.2 dev 2 proto 102");
    assertThat(hostGateway(flannel("host-gw", 0, null)))
        .contains("route 10.244.2.0/24 via 192.0.2.2 dev 2 proto 102");
    assertThat(vxlan(peer)).anyMatch(line -> line.contains("set vxlan-vni: 1 here"));
    assertThat(plan(options, flannel("vxlan", 1, null)))
        .allMatch(line -> line.startsWith("! node b: "));
    assertThat(plan(options, flannel("wireguard", 0, null)))
        .anyMatch(line -> line.contains("uses the backend wireguard"));
    // It runs fairlead now; what flannel left on its Node does not count.
    assertThat(plan(options, withMac(peer, "0a:00:00:00:00:02").withFlannel(peer.flannel())))
        .contains("forwarding 0a:00:00:00:00:02 dev 7 to 203.0.113.2 self permanent");
  }

  @Test
  @DisplayName(
      "The annotation wins; without it, or with nonsense, the name decides (pod-network 54)")
  void theMacIsPublishedOrDerived() {
    NodeRecord peer = node("b", "192.0.2.2", "10.244.2.0/24");
    String derived = VtepAddress.mac("b").toString();
    assertThat(vxlan(peer)).first().asString().contains(derived);
    assertThat(vxlan(withMac(peer, "0a:00:00:00:00:02"))).first().asString().contains("00:02 dev");
    assertThat(vxlan(withMac(peer, "01:00:00:00:00:02")))
        .hasSize(4)
        .first()
        .asString()
        .contains(derived);
    assertThat(vxlan(withMac(peer, VtepAddress.mac("node-1").toString())))
        .singleElement()
        .asString()
        .contains("this node's own VTEP MAC address");
  }
}
