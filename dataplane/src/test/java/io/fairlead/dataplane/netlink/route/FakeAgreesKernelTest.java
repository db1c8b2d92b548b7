package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.route.RouteOperation.Add;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.Delete;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLinkGroup;
import io.fairlead.dataplane.netlink.route.RouteOperation.Replace;
import io.fairlead.dataplane.netlink.route.RouteOperation.SetBridgePort;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The fake and the kernel refuse the same operations and end in the same state. */
class FakeAgreesKernelTest extends RouteKernelTestBase {

  private static final LinkSettings UP = LinkSettings.NONE.withUp(true);

  private final FakeRouteKernel fake = new FakeRouteKernel();

  /** Applies one operation to both and compares the error and then all that either holds. */
  private void both(RouteOperation operation) throws Exception {
    assertThat(errors(fake, operation))
        .as(operation.toString())
        .isEqualTo(errors(kernel, operation));
    assertThat(state(fake)).as("after " + operation).isEqualTo(state(kernel));
  }

  private static List<Integer> errors(RouteKernel kernel, RouteOperation operation)
      throws Exception {
    return kernel.apply(List.of(operation)).stream()
        .map(failure -> failure.cause().errno())
        .toList();
  }

  /** All that was asked for, without what the kernel made by itself. */
  private static SortedSet<String> state(RouteKernel kernel) throws Exception {
    SortedSet<String> state = new TreeSet<>();
    for (Link link : kernel.links()) {
      state.add(link.name() + " " + link.isUp() + " " + link.masterIndex() + " " + link.kind());
    }
    for (BridgePort port : kernel.bridgePorts()) {
      state.add(port.toString());
    }
    for (LinkAddress address : kernel.addresses(0)) {
      if (address.linkIndex() != 1 && address.scope() == 0) {
        state.add(address.toString());
      }
    }
    for (Route route : kernel.routes(RouteFilter.ALL.withProtocol(Route.PROTOCOL_FAIRLEAD))) {
      state.add(route.toString());
    }
    for (RoutingRule rule : kernel.rules()) {
      if (rule.protocol() == Route.PROTOCOL_FAIRLEAD) {
        state.add(rule.toString());
      }
    }
    for (Neighbour neighbour : kernel.neighbours(0)) {
      if (neighbour.protocol() == Route.PROTOCOL_FAIRLEAD) {
        state.add(neighbour.toString());
      }
    }
    for (ForwardingEntry entry : kernel.forwardingEntries(0)) {
      if ((entry.flags() & ForwardingEntry.SELF) != 0 && entry.destination() != null) {
        state.add(entry.toString());
      }
    }
    return state;
  }

  @Test
  void onLinks() throws Exception {
    both(new AddLink("br0", LinkKind.Bridge.DEFAULT, UP));
    both(new AddLink("br0", LinkKind.Bridge.DEFAULT, UP));
    both(new AddVethPair("a", UP.withMaster(2), "b", LinkSettings.NONE));
    both(new AddVethPair("c", UP.withMaster(77), "d", LinkSettings.NONE));
    both(new AddVethPair("c", LinkSettings.NONE, "c", LinkSettings.NONE));
    both(new AddVethPair("c", UP.withMaster(1), "d", LinkSettings.NONE));
    both(new ChangeLink(LinkSelector.of("b"), UP));
    both(new ChangeLink(LinkSelector.of(99), UP));
    both(new ChangeLink(LinkSelector.of(2), LinkSettings.NONE.withName("a")));
    both(new SetBridgePort(LinkSelector.of("a"), BridgePortSettings.NONE.withHairpin(true)));
    both(new SetBridgePort(LinkSelector.of("b"), BridgePortSettings.NONE.withHairpin(true)));
    both(new AddLink("vx0", new LinkKind.Vxlan(7, 8472, null, 2, false), UP));
    both(new AddLink("vx1", new LinkKind.Vxlan(7, 8472, null, 2, false), UP));
    both(new AddLink("vx1", new LinkKind.Vxlan(8, 8472, null, 99, false), UP));
    both(new DeleteLink(LinkSelector.of("lo")));
    both(new DeleteLink(LinkSelector.of("none")));
    both(new DeleteLinkGroup(7));
    both(new AddVethPair("e", UP, "f", LinkSettings.NONE));
    both(new ChangeLink(LinkSelector.of("e"), LinkSettings.NONE.withGroup(7)));
    both(new ChangeLink(LinkSelector.of("f"), LinkSettings.NONE.withGroup(7)));
    both(new ChangeLink(LinkSelector.of("vx0"), LinkSettings.NONE.withGroup(7)));
    both(new ChangeLink(LinkSelector.of("lo"), LinkSettings.NONE.withGroup(8)));
    both(new DeleteLinkGroup(8));
    both(new DeleteLinkGroup(7));
    both(new DeleteLinkGroup(7));
    both(new DeleteLink(LinkSelector.of("b")));
    both(new DeleteLink(LinkSelector.of("br0")));
  }

  @Test
  void onEntries() throws Exception {
    both(new AddLink("br0", LinkKind.Bridge.DEFAULT, UP));
    both(new AddLink("vx0", new LinkKind.Vxlan(7, 8472, null, 2, false), UP));
    LinkAddress v4 = LinkAddress.of(2, ip("192.0.2.1"), 24);
    LinkAddress v6 = LinkAddress.of(2, ip("2001:db8::1"), 64);
    for (LinkAddress address : List.of(v4, v6)) {
      both(new Add(address));
      both(new Add(address));
      both(new Replace(address));
    }
    both(new Add(LinkAddress.of(99, ip("192.0.2.9"), 24)));
    both(new Delete(LinkAddress.of(2, ip("192.0.2.9"), 24)));
    for (String[] family :
        new String[][] {
          {"10.244.2.0/24", "192.0.2.2", "10.244.2.0", "203.0.113.1"},
          {"fd00:2::/64", "2001:db8::2", "fd00:2::", "2001:db8:99::1"}
        }) {
      routes(cidr(family[0]), family[1], family[2], family[3]);
    }
    both(new Add(ForwardingEntry.vxlan(3, mac("0a:00:00:00:00:02"), ip("192.0.2.2"))));
    both(new Add(ForwardingEntry.vxlan(3, mac("0a:00:00:00:00:02"), ip("192.0.2.2"))));
    both(new Replace(ForwardingEntry.vxlan(3, mac("0a:00:00:00:00:02"), ip("192.0.2.3"))));
    both(new Delete(ForwardingEntry.vxlan(3, mac("0a:00:00:00:00:02"), ip("192.0.2.2"))));
    both(new Add(ForwardingEntry.vxlan(99, mac("0a:00:00:00:00:02"), ip("192.0.2.2"))));
    both(new Add(Neighbour.permanent(3, ip("10.244.2.0"), mac("0a:00:00:00:00:02"))));
    both(new Add(Neighbour.permanent(3, ip("10.244.2.0"), mac("0a:00:00:00:00:02"))));
    both(new Replace(Neighbour.permanent(3, ip("10.244.2.0"), mac("0a:00:00:00:00:03"))));
    both(new Delete(Neighbour.permanent(3, ip("10.244.9.0"), mac("0a:00:00:00:00:03"))));
    both(new Add(Neighbour.permanent(99, ip("10.244.2.0"), mac("0a:00:00:00:00:02"))));
    RoutingRule rule = RoutingRule.of(AddressFamily.IPV4, 500, 1000).withFrom(cidr("10.0.0.0/8"));
    both(new Add(rule));
    both(new Add(rule));
    both(new Delete(rule));
    both(new Delete(rule));
    both(new ChangeLink(LinkSelector.of(3), LinkSettings.NONE.withUp(false)));
    both(new Add(Route.to(cidr("10.9.0.0/24")).via(ip("10.9.0.0")).dev(3).withOnlink()));
    both(new DeleteLink(LinkSelector.of("vx0")));
  }

  private void routes(Cidr to, String near, String onlink, String far) throws Exception {
    Route route = Route.to(to).via(ip(near)).dev(2);
    both(new Add(route));
    both(new Add(route));
    Route elsewhere = Route.to(to).via(ip(onlink)).dev(3).withOnlink();
    if (to.family() == AddressFamily.IPV6 && takesCoveredGateway(route, elsewhere)) {
      both(new Delete(route));
    }
    both(new Replace(elsewhere));
    both(new Add(route.withMetric(5)));
    both(new Delete(route));
    both(new Delete(route.withMetric(5)));
    both(new Replace(Route.to(to).via(ip(far)).dev(2)));
    both(new Add(Route.to(to).dev(99)));
    both(new Replace(route.withSource(ip(near))));
    both(new Add(Route.to(to).via(ip("fe80::9")).dev(3)));
    both(new Replace(Route.to(to).via(ip("fe80::9")).dev(3)));
  }

  /**
   * Whether the kernel takes an IPv6 gateway on one device that a route by another device covers:
   * Linux 6.18 and the fake refuse it, Linux 7.2 does not. Nothing is changed.
   */
  private boolean takesCoveredGateway(Route route, Route elsewhere) throws Exception {
    boolean taken = errors(kernel, new Replace(elsewhere)).isEmpty();
    assertThat(errors(kernel, new Replace(route))).isEmpty();
    return taken;
  }
}
