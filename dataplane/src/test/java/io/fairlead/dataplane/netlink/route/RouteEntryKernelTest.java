package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.route.RouteOperation.Add;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.netlink.route.RouteOperation.Delete;
import io.fairlead.dataplane.netlink.route.RouteOperation.Replace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteEntryKernelTest extends RouteKernelTestBase {

  private static final RouteFilter OURS = RouteFilter.ALL.withProtocol(Route.PROTOCOL_FAIRLEAD);

  @Test
  void addressesAreUsableAtOnceAndGoAgain() throws Exception {
    int br0 = bridge("br0", "10.244.1.1/24");
    LinkAddress v6 = LinkAddress.of(br0, ip("fd00:1::1"), 64).withProtocol(102);
    kernel.applyAll(new Add(v6), new Replace(v6));
    assertThat(kernel.addresses(br0))
        .extracting(LinkAddress::toString)
        .contains(
            "address 10.244.1.1/24 dev " + br0,
            "address fd00:1::1/64 dev " + br0 + " nodad proto 102");
    assertThat(kernel.addresses(br0)).anyMatch(v6::isSamePlace);
    assertThat(namespace.run("ip", "-j", "addr", "show", "dev", "br0"))
        .contains("\"local\":\"fd00:1::1\",\"prefixlen\":64", "\"nodad\":true");
    List<RouteKernel.Failure> failures = kernel.apply(List.of(new Add(v6), new Delete(v6)));
    assertThat(failures).singleElement().matches(failure -> failure.cause().isExisting());
    assertThat(kernel.addresses(br0)).noneMatch(v6::isSamePlace);
    assertThat(kernel.apply(List.of(new Delete(v6))))
        .singleElement()
        .matches(failure -> failure.cause().isNotFound());
    assertThat(kernel.addresses(0).size()).isGreaterThan(kernel.addresses(br0).size());
    assertThat(kernel.addresses(999)).isEmpty();
  }

  @Test
  void routesOfBothFamiliesReadBackAsTheyWereWritten() throws Exception {
    int br0 = bridge("br0", "192.0.2.1/24");
    kernel.applyAll(new Add(LinkAddress.of(br0, ip("2001:db8::1"), 64)));
    List<Route> routes =
        List.of(
            Route.to(cidr("10.244.2.0/24")).via(ip("10.244.2.0")).dev(br0).withOnlink(),
            Route.to(cidr("10.244.3.0/24")).via(ip("192.0.2.3")).dev(br0).withMtu(1400),
            Route.to(cidr("10.244.4.0/24")).dev(br0).withSource(ip("192.0.2.1")).withMetric(7),
            Route.to(cidr("10.244.5.0/24")).via(ip("2001:db8::5")).dev(br0).withTable(1000),
            Route.to(cidr("0.0.0.0/0")).via(ip("192.0.2.254")).dev(br0),
            Route.to(cidr("10.9.0.0/16")).withType(Route.TYPE_BLACKHOLE).withScope(0),
            Route.to(cidr("fd00:2::/64")).via(ip("fd00:2::")).dev(br0).withOnlink(),
            Route.to(cidr("fd00:3::/64")).via(ip("2001:db8::3")).dev(br0).withMtu(1400),
            Route.to(cidr("fd00:4::/64")).dev(br0).withMetric(7).withTable(1000));
    List<RouteOperation> operations = new ArrayList<>();
    routes.forEach(route -> operations.add(new Add(route)));
    kernel.applyAll(operations);
    assertThat(kernel.routes(OURS)).containsExactlyInAnyOrderElementsOf(routes);
    assertThat(kernel.routes(OURS.withTable(1000))).hasSize(2);
    assertThat(kernel.routes(OURS.withFamily(AddressFamily.IPV6))).hasSize(3);
    assertThat(kernel.routes(RouteFilter.ALL.withTable(4711))).isEmpty();
    assertThat(kernel.routes(OURS.withOutput(1))).isEmpty();
    assertThat(kernel.routes(RouteFilter.MAIN_TABLE).size()).isGreaterThan(7);
    assertThat(namespace.run("ip", "-j", "route", "show", "proto", "102"))
        .contains(
            "\"dst\":\"10.244.2.0/24\",\"gateway\":\"10.244.2.0\",\"dev\":\"br0\",\"flags\":[\"onlink\"]");
    assertThat(namespace.run("ip", "route", "show", "table", "1000"))
        .contains("10.244.5.0/24 via inet6 2001:db8::5 dev br0 proto 102");
    assertThat(namespace.run("ip", "-6", "route", "show", "proto", "102"))
        .contains("fd00:2::/64 via fd00:2:: dev br0 metric 1024 onlink");
    operations.clear();
    routes.forEach(route -> operations.add(new Delete(route)));
    kernel.applyAll(operations);
    assertThat(kernel.routes(OURS)).isEmpty();
  }

  @Test
  void aRouteIsReplacedInItsPlace() throws Exception {
    int br0 = bridge("br0", "192.0.2.1/24");
    kernel.applyAll(new Add(LinkAddress.of(br0, ip("2001:db8::1"), 64)));
    for (String[] hop :
        new String[][] {
          {"10.244.2.0/24", "192.0.2.2", "192.0.2.3"},
          {"fd00:2::/64", "2001:db8::2", "2001:db8::3"}
        }) {
      Route first = Route.to(cidr(hop[0])).via(ip(hop[1])).dev(br0);
      Route second = first.via(ip(hop[2]));
      kernel.applyAll(new Add(first), new Replace(second));
      assertThat(kernel.routes(OURS.withFamily(first.family()))).containsExactly(second);
      assertThat(kernel.apply(List.of(new Add(first))))
          .singleElement()
          .matches(failure -> failure.cause().isExisting());
      // Deleting names the next hop, so a stale plan cannot take what replaced it.
      assertThat(kernel.apply(List.of(new Delete(first))))
          .singleElement()
          .matches(failure -> failure.cause().isNotFound());
      kernel.applyAll(new Delete(second.withProtocol(0)));
    }
  }

  @Test
  void rulesComeAndGo() throws Exception {
    List<RoutingRule> rules =
        List.of(
            RoutingRule.of(AddressFamily.IPV4, 500, 1000)
                .withFrom(cidr("10.244.0.0/16"))
                .withMark(0x10, 0xf0),
            RoutingRule.of(AddressFamily.IPV6, 501, 1000)
                .withTo(cidr("fd00::/8"))
                .withInputInterface("lo"));
    kernel.applyAll(new Add(rules.getFirst()), new Add(rules.getLast()));
    assertThat(kernel.rules()).containsAll(rules).hasSizeGreaterThan(4);
    assertThat(namespace.run("ip", "-j", "rule")).contains("\"fwmark\":\"0x10\"", "\"1000\"");
    assertThat(kernel.apply(List.of(new Add(rules.getFirst()))))
        .singleElement()
        .matches(failure -> failure.cause().isExisting());
    kernel.applyAll(new Delete(rules.getFirst()), new Delete(rules.getLast()));
    assertThat(kernel.rules()).doesNotContainAnyElementsOf(rules);
  }

  @Test
  void neighboursAreMarkedAsOurs() throws Exception {
    int br0 = bridge("br0", "192.0.2.1/24");
    Neighbour v4 = Neighbour.permanent(br0, ip("10.244.2.0"), mac("0a:00:00:00:00:02"));
    Neighbour v6 = Neighbour.permanent(br0, ip("fd00:2::"), mac("0a:00:00:00:00:02"));
    kernel.applyAll(new Add(v4), new Replace(v6));
    assertThat(kernel.neighbours(br0)).contains(v4, v6);
    assertThat(kernel.neighbours(0)).contains(v4, v6);
    assertThat(namespace.run("ip", "-j", "neigh", "show", "dev", "br0"))
        .contains("\"dst\":\"10.244.2.0\",\"lladdr\":\"0a:00:00:00:00:02\"", "PERMANENT");
    assertThat(namespace.run("ip", "neigh", "show", "dev", "br0")).contains("proto 102");
    Neighbour moved = Neighbour.permanent(br0, ip("10.244.2.0"), mac("0a:00:00:00:00:03"));
    kernel.applyAll(new Replace(moved));
    assertThat(kernel.neighbours(br0)).contains(moved).doesNotContain(v4);
    kernel.applyAll(new Delete(moved), new Delete(v6));
    assertThat(kernel.neighbours(br0)).noneMatch(n -> n.protocol() == 102);
    assertThat(kernel.apply(List.of(new Delete(moved))))
        .singleElement()
        .matches(failure -> failure.cause().isNotFound());
  }

  @Test
  void forwardingEntriesOfVxlanAndBridge() throws Exception {
    int br0 = bridge("br0", "192.0.2.1/24");
    kernel.applyAll(
        new AddLink(
            "vx0",
            new LinkKind.Vxlan(4097, 8472, ip("192.0.2.1"), br0, false),
            LinkSettings.NONE.withUp(true)),
        new AddVethPair("a", LinkSettings.NONE.withMaster(br0), "b", LinkSettings.NONE));
    int vx0 = link("vx0").index();
    ForwardingEntry remote = ForwardingEntry.vxlan(vx0, mac("0a:00:00:00:00:02"), ip("192.0.2.2"));
    ForwardingEntry port = ForwardingEntry.bridgePort(link("a").index(), mac("0a:00:00:00:00:05"));
    kernel.applyAll(new Add(remote), new Add(port));
    assertThat(kernel.forwardingEntries(vx0)).containsExactly(remote);
    assertThat(kernel.forwardingEntries(0)).contains(remote);
    assertThat(kernel.forwardingEntries(link("a").index()))
        .anyMatch(entry -> entry.isSamePlace(port) && entry.state() == Neighbour.STATE_NOARP);
    assertThat(namespace.run("bridge", "-j", "fdb", "show", "dev", "vx0"))
        .contains("\"mac\":\"0a:00:00:00:00:02\"", "\"dst\":\"192.0.2.2\"", "permanent");
    assertThat(namespace.run("bridge", "fdb", "show", "dev", "a"))
        .contains("0a:00:00:00:00:05 master br0 static");
    ForwardingEntry moved = ForwardingEntry.vxlan(vx0, mac("0a:00:00:00:00:02"), ip("192.0.2.3"));
    kernel.applyAll(new Replace(moved));
    assertThat(kernel.forwardingEntries(vx0)).containsExactly(moved);
    kernel.applyAll(new Delete(moved), new Delete(port));
    assertThat(kernel.forwardingEntries(vx0)).isEmpty();
  }
}
