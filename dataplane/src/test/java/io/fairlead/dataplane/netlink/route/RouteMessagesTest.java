package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_ACK;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.route.RouteOperation.Add;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddIngress;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddRedirect;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.Delete;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteIngress;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLinkGroup;
import io.fairlead.dataplane.netlink.route.RouteOperation.Replace;
import io.fairlead.dataplane.netlink.route.RouteOperation.SetBridgePort;
import io.fairlead.dataplane.netlink.route.RouteOperation.SetTokenBucket;
import io.fairlead.dataplane.testing.GoldenVector;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation: its text, and its bytes as a golden vector of that name. */
class RouteMessagesTest {

  private static final MacAddress MAC = MacAddress.parse("0a:58:0a:f4:02:00");
  private static final IpAddress VTEP = IpAddress.parse("10.244.2.0");
  private static final Route ROUTE =
      Route.to(Cidr.parse("10.244.2.0/24")).via(VTEP).dev(5).withOnlink();

  static Stream<Arguments> operations() {
    return Stream.of(
        Arguments.of(
            "link-add-veth",
            new AddVethPair(
                "veth1",
                LinkSettings.NONE.withUp(true).withMtu(1450).withMaster(3),
                "eth0",
                LinkSettings.NONE.withMtu(1450).withMac(MAC)),
            "add link veth1 up mtu 1450 master 3 type veth peer eth0 mtu 1450 mac"
                + " 0a:58:0a:f4:02:00"),
        Arguments.of(
            "link-add-bridge",
            new AddLink("br0", new LinkKind.Bridge(false, false), LinkSettings.NONE.withMac(MAC)),
            "add link br0 mac 0a:58:0a:f4:02:00 type bridge no-multicast-snooping"
                + " no-link-local-learning"),
        Arguments.of(
            "link-add-vxlan",
            new AddLink(
                "fairlead-vxlan",
                new LinkKind.Vxlan(4097, 8472, IpAddress.parse("192.0.2.1"), 2, false),
                LinkSettings.NONE.withMtu(1450)),
            "add link fairlead-vxlan mtu 1450"
                + " type vxlan vni 4097 port 8472 local 192.0.2.1 underlay 2 no-learning"),
        Arguments.of(
            "link-change",
            new ChangeLink(
                LinkSelector.of(7),
                LinkSettings.NONE.withName("eth1").withUp(false).withAlias("a pod")),
            "change link 7 name eth1 down alias \"a pod\""),
        Arguments.of(
            "link-group",
            new ChangeLink(LinkSelector.of(7), LinkSettings.NONE.withGroup(0x666c7264)),
            "change link 7 group 0x666c7264"),
        Arguments.of(
            "link-delete-group",
            new DeleteLinkGroup(0x666c7264),
            "delete links of group 0x666c7264"),
        Arguments.of("link-delete", new DeleteLink(LinkSelector.of("veth1")), "delete link veth1"),
        Arguments.of(
            "bridge-port",
            new SetBridgePort(
                LinkSelector.of("veth1"),
                BridgePortSettings.NONE.withHairpin(true).withLearning(false)),
            "set bridge port veth1 hairpin on learning off"),
        Arguments.of(
            "token-bucket",
            new SetTokenBucket(3, new TokenBucket(125_000, 32_000, 40_000)),
            "set token bucket dev 3 rate 125000 burst 32000 limit 40000"),
        Arguments.of(
            "token-bucket-fast",
            new SetTokenBucket(3, new TokenBucket(12_500_000_000L, 32_000, 40_000)),
            "set token bucket dev 3 rate 12500000000 burst 32000 limit 40000"),
        Arguments.of("ingress-add", new AddIngress(3), "add ingress dev 3"),
        Arguments.of("ingress-delete", new DeleteIngress(3), "delete ingress dev 3"),
        Arguments.of("redirect-add", new AddRedirect(3, 4), "add redirect dev 3 to 4"),
        Arguments.of(
            "address-add-v6",
            new Add(LinkAddress.of(5, IpAddress.parse("fd00:2::1"), 64)),
            "add address fd00:2::1/64 dev 5 nodad"),
        Arguments.of(
            "route-add",
            new Add(ROUTE),
            "add route 10.244.2.0/24 via 10.244.2.0 dev 5 onlink proto 102"),
        Arguments.of(
            "route-replace-v6",
            new Replace(
                Route.to(Cidr.parse("fd00:2::/64"))
                    .via(IpAddress.parse("2001:db8::2"))
                    .dev(2)
                    .withMtu(1430)
                    .withTable(1000)),
            "replace route fd00:2::/64 via 2001:db8::2 dev 2 table 1000 proto 102 mtu 1430"),
        Arguments.of(
            "route-delete",
            new Delete(ROUTE),
            "delete route 10.244.2.0/24 via 10.244.2.0 dev 5 onlink proto 102"),
        Arguments.of(
            "rule-add",
            new Add(
                RoutingRule.of(AddressFamily.IPV4, 500, 1000)
                    .withFrom(Cidr.parse("10.244.0.0/16"))
                    .withMark(1, 0xff)),
            "add rule IPv4 priority 500 from 10.244.0.0/16 mark 0x1/0xff table 1000 proto 102"),
        Arguments.of(
            "neighbour-replace",
            new Replace(Neighbour.permanent(5, VTEP, MAC)),
            "replace neighbour 10.244.2.0 dev 5 mac 0a:58:0a:f4:02:00 permanent proto 102"),
        Arguments.of(
            "forwarding-add",
            new Add(ForwardingEntry.vxlan(5, MAC, IpAddress.parse("192.0.2.2"))),
            "add forwarding 0a:58:0a:f4:02:00 dev 5 to 192.0.2.2 self permanent"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void isWrittenAs(String name, RouteOperation operation, String text) {
    assertThat(operation).hasToString(text);
    RouteRequest request = RouteRequest.of(operation);
    MessageWriter writer = new MessageWriter();
    writer.begin(request.type(), request.flags() | NLM_F_REQUEST | NLM_F_ACK, 1);
    request.body().write(writer);
    writer.end();
    GoldenVector.assertMatches("route/" + name, writer.toBytes());
  }

  static Stream<Arguments> lookups() {
    RouteLookup v4 = RouteLookup.to(IpAddress.parse("10.96.0.10"));
    return Stream.of(
        Arguments.of("route-lookup", v4, "10.96.0.10"),
        Arguments.of(
            "route-lookup-input",
            v4.from(IpAddress.parse("10.244.1.2")).through(3).withMark(0x4000).matchingRoute(),
            "10.96.0.10 from 10.244.1.2 iif 3 mark 0x4000 fibmatch"),
        Arguments.of(
            "route-lookup-v6",
            RouteLookup.to(IpAddress.parse("fd00:96::a")).matchingRoute(),
            "fd00:96::a fibmatch"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lookups")
  void questionsAreWrittenAs(String name, RouteLookup lookup, String text) {
    assertThat(lookup).hasToString(text);
    MessageWriter writer = new MessageWriter();
    writer.begin(RouteConstants.RTM_GETROUTE, NLM_F_REQUEST | NLM_F_ACK, 1);
    RouteCodec.writeLookup(writer, lookup);
    writer.end();
    GoldenVector.assertMatches("route/" + name, writer.toBytes());
  }
}
