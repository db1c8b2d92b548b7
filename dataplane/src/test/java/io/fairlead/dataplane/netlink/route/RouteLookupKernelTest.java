package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.route.RouteAnswer.Leads;
import io.fairlead.dataplane.netlink.route.RouteAnswer.Reason;
import io.fairlead.dataplane.netlink.route.RouteAnswer.Refuses;
import org.junit.jupiter.api.Test;

/** Where the kernel says that packets go. */
class RouteLookupKernelTest extends RouteKernelTestBase {

  private Route matching(String destination) throws Exception {
    RouteAnswer answer = kernel.lookup(RouteLookup.to(ip(destination)).matchingRoute());
    assertThat(answer).isInstanceOf(Leads.class);
    return ((Leads) answer).route();
  }

  private Reason refusal(RouteLookup lookup) throws Exception {
    RouteAnswer answer = kernel.lookup(lookup);
    assertThat(answer).isInstanceOf(Refuses.class);
    return ((Refuses) answer).reason();
  }

  @Test
  void theRouteThatDecidesIsTold() throws Exception {
    int index = bridge("br0", "192.0.2.1/24");
    kernel.applyAll(
        new RouteOperation.Add(LinkAddress.of(index, ip("2001:db8::1"), 64)),
        new RouteOperation.Add(Route.to(cidr("10.244.0.0/16")).via(ip("192.0.2.2")).dev(index)),
        new RouteOperation.Add(Route.to(cidr("fd00:2::/64")).via(ip("2001:db8::2")).dev(index)));
    Route pods = Route.to(cidr("10.244.0.0/16")).via(ip("192.0.2.2")).dev(index);
    assertThat(matching("10.244.7.7")).isEqualTo(pods);
    assertThat(matching("fd00:2::7"))
        .isEqualTo(Route.to(cidr("fd00:2::/64")).via(ip("2001:db8::2")).dev(index));
    assertThat(matching("192.0.2.1"))
        .satisfies(route -> {
          assertThat(route.type()).isEqualTo(Route.TYPE_LOCAL);
          assertThat(route.table()).isEqualTo(Route.TABLE_LOCAL);
        });
    // Without: what it means for the packet.
    assertThat(kernel.lookup(RouteLookup.to(ip("10.244.7.7"))))
        .isInstanceOfSatisfying(
            Leads.class,
            leads -> {
              assertThat(leads.route().destination()).isEqualTo(cidr("10.244.7.7/32"));
              assertThat(leads.route().gateway()).isEqualTo(ip("192.0.2.2"));
              assertThat(leads.route().source()).isEqualTo(ip("192.0.2.1"));
              assertThat(leads.route().table()).isEqualTo(Route.TABLE_MAIN);
            });
  }

  @Test
  void refusalsAreAnswers() throws Exception {
    int index = bridge("br0", "192.0.2.1/24");
    kernel.applyAll(
        new RouteOperation.Add(LinkAddress.of(index, ip("2001:db8::1"), 64)),
        new RouteOperation.Add(Route.to(cidr("10.1.0.0/16")).withType(Route.TYPE_BLACKHOLE)),
        new RouteOperation.Add(Route.to(cidr("10.2.0.0/16")).withType(Route.TYPE_UNREACHABLE)),
        new RouteOperation.Add(Route.to(cidr("10.3.0.0/16")).withType(Route.TYPE_PROHIBIT)),
        new RouteOperation.Add(
            Route.to(cidr("fd00:1::/64")).withType(Route.TYPE_BLACKHOLE).dev(1)));
    for (boolean matching : new boolean[] {false, true}) {
      assertThat(refusal(lookup("10.9.9.9", matching))).isEqualTo(Reason.NO_ROUTE);
      assertThat(refusal(lookup("10.1.0.1", matching))).isEqualTo(Reason.INVALID);
      assertThat(refusal(lookup("10.2.0.1", matching))).isEqualTo(Reason.UNREACHABLE);
      assertThat(refusal(lookup("10.3.0.1", matching))).isEqualTo(Reason.PROHIBITED);
      assertThat(refusal(lookup("fd00:9::1", matching))).isEqualTo(Reason.NO_ROUTE);
      assertThat(refusal(lookup("fd00:1::1", matching))).isEqualTo(Reason.INVALID);
    }
    assertThatThrownBy(
            () -> kernel.lookup(RouteLookup.to(ip("10.1.0.1")).from(ip("192.0.2.9")).through(999)))
        .isInstanceOf(NetlinkException.class);
  }

  private static RouteLookup lookup(String destination, boolean matching) {
    RouteLookup lookup = RouteLookup.to(ip(destination));
    return matching ? lookup.matchingRoute() : lookup;
  }

  @Test
  void inputAndMarkChooseTheRule() throws Exception {
    int in = bridge("br0", "192.0.2.1/24");
    int out = bridge("br1", "198.51.100.1/24");
    namespace.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
    kernel.applyAll(
        new RouteOperation.Add(Route.to(cidr("10.1.0.0/16")).via(ip("198.51.100.2")).dev(out)),
        new RouteOperation.Add(
            Route.to(cidr("10.1.0.0/16")).via(ip("192.0.2.2")).dev(in).withTable(77)));
    namespace.run("ip", "rule", "add", "fwmark", "0x5", "table", "77");
    RouteLookup plain = RouteLookup.to(ip("10.1.2.3"));
    assertThat(kernel.lookup(plain.matchingRoute()))
        .isEqualTo(new Leads(Route.to(cidr("10.1.0.0/16")).via(ip("198.51.100.2")).dev(out)));
    assertThat(kernel.lookup(plain.withMark(5).matchingRoute()))
        .isEqualTo(
            new Leads(Route.to(cidr("10.1.0.0/16")).via(ip("192.0.2.2")).dev(in).withTable(77)));
    assertThat(kernel.lookup(plain.from(ip("192.0.2.9")).through(in)))
        .isInstanceOfSatisfying(
            Leads.class, leads -> assertThat(leads.route().outputIndex()).isEqualTo(out));
  }

  @Test
  void theFakeAnswersTheSame() throws Exception {
    FakeRouteKernel fake = new FakeRouteKernel();
    int index = bridge("br0", "192.0.2.1/24");
    fake.addDevice("br0", mac("0a:00:00:00:00:01"), 1500);
    fake.applyAll(new RouteOperation.Add(LinkAddress.of(index, ip("192.0.2.1"), 24)));
    for (RouteKernel each : new RouteKernel[] {kernel, fake}) {
      each.applyAll(
          new RouteOperation.Add(Route.to(cidr("10.0.0.0/8")).via(ip("192.0.2.2")).dev(index)),
          new RouteOperation.Add(Route.to(cidr("10.1.0.0/16")).via(ip("192.0.2.3")).dev(index)),
          new RouteOperation.Add(Route.to(cidr("10.2.0.0/16")).withType(Route.TYPE_UNREACHABLE)));
      assertThat(each.lookup(RouteLookup.to(ip("10.1.0.9")).matchingRoute()))
          .isEqualTo(new Leads(Route.to(cidr("10.1.0.0/16")).via(ip("192.0.2.3")).dev(index)));
      assertThat(each.lookup(RouteLookup.to(ip("203.0.113.1"))))
          .isEqualTo(new Refuses(Reason.NO_ROUTE, null));
      assertThat(each.lookup(RouteLookup.to(ip("10.2.0.1"))))
          .isInstanceOfSatisfying(
              Refuses.class, refuses -> assertThat(refuses.reason()).isEqualTo(Reason.UNREACHABLE));
    }
  }
}
