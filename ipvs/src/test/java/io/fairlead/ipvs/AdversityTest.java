package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.netlink.ipvs.FakeIpvs;
import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsTimeouts;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.ipvs.companion.CompanionTable;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States that come from several unlucky things at once. */
class AdversityTest {

  private final World world = new World();

  private static Sample web(String... endpoints) {
    return Sample.named("web").clusterIp("10.96.0.10").elsewhere(endpoints);
  }

  private static Sample balanced(String name, String clusterIp, String balancerIp) {
    return Sample.named(name)
        .clusterIp(clusterIp)
        .balancerIp(balancerIp)
        .external(TrafficPolicy.LOCAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sh|sh -b sh-fallback",
        "sh,sh-port|sh -b sh-fallback,sh-port",
        "mh|mh -b mh-fallback"
      })
  @DisplayName("A scheduler that hashes does not refuse the clients of an endpoint that drains")
  void hashingWhileDraining(String scheduler, String inKernel) throws Exception {
    world.commit(web("10.244.2.2", "10.244.2.3").scheduler(scheduler));
    assertThat(world.ipvs.toString()).startsWith("10.96.0.10:80/tcp " + inKernel + "\n");
  }

  @Test
  @DisplayName("A scheduler that hashes addresses alone has no way around: nothing drains there")
  void destinationHashing() throws Exception {
    world.commit(web("10.244.2.2", "10.244.2.3").scheduler("dh"));
    world.count("10.96.0.10:80", "10.244.2.3:8080", 1, 0);
    assertThat(world.commit(web("10.244.2.2").scheduler("dh")))
        .isEqualTo("delete real server 10.244.2.3:8080 from 10.96.0.10:80/tcp");
    assertThat(world.services.draining()).isZero();
  }

  @Test
  @DisplayName("Affinity of port 21 does not lead all other ports of the address to the endpoints")
  void affinityOfFtp() throws Exception {
    world.commit(
        web("10.244.2.2").port(Protocol.TCP, 21).affinity(600),
        Sample.named("udp")
            .clusterIp("10.96.0.11")
            .port(Protocol.UDP, 21)
            .affinity(600)
            .elsewhere("10.244.2.2"));
    assertThat(world.ipvs.toString())
        .contains("10.96.0.10:21/tcp mh -b mh-fallback\n")
        .contains("10.96.0.11:21/udp rr -p 600\n");
  }

  @Test
  @DisplayName("A mark is nobody else's while an address of a Service that is gone leads to it")
  void markOfTheGone() throws Exception {
    world.commit(balanced("gone", "10.96.0.20", "203.0.113.20"));
    assertThat(world.treatments()).contains("mark 0x46000001");
    World restarted = world.restarted();
    restarted.commit(balanced("next", "10.96.0.21", "203.0.113.21").here("10.244.1.2"));
    assertThat(restarted.treatments()).contains("mark 0x46000002").doesNotContain("0x46000001");
    restarted.commit(balanced("third", "10.96.0.22", "203.0.113.22").here("10.244.1.3"));
    assertThat(restarted.treatments()).contains("mark 0x46000001");
  }

  @Test
  @DisplayName("An address that the node lost is not taken from the host that has it now")
  void lostNodeAddress() throws Exception {
    world.commit(
        Sample.named("web").clusterIp("10.96.0.10").nodePort(30080).elsewhere("10.244.2.2"));
    world.count("192.0.2.1:30080", "10.244.2.2:8080", 1, 0);
    World restarted = world.restarted();
    restarted.own("192.0.2.77");
    restarted.commit();
    assertThat(restarted.services.draining()).isOne();
    assertThat(restarted.routed()).isEmpty();
  }

  @Test
  void anAddressOfAGoneServiceKeepsItsRouteWhileItDrains() throws Exception {
    world.commit(web("10.244.2.2"));
    world.count("10.96.0.10:80", "10.244.2.2:8080", 1, 0);
    World restarted = world.restarted();
    restarted.commit();
    assertThat(restarted.services.draining()).isOne();
    assertThat(restarted.routed()).containsExactly(IpAddress.parse("10.96.0.10"));
  }

  @Test
  @DisplayName("Without the table, virtual servers at our routes are still ours (services 43, 45)")
  void tableIsLost() throws Exception {
    world.commit(web("10.244.2.2"), Sample.named("stays").clusterIp("10.96.0.11").here("10.1.1.1"));
    CompanionTable.cleanup(world.tables);
    world.ipvs.disturb(
        new VirtualServer(World.server("198.51.100.1:80"), "wlc", Set.of(), 0),
        new RealServer(IpAddress.parse("198.51.100.7"), 80, ForwardingMethod.DIRECT_ROUTING, 5));
    World restarted = world.restarted();
    restarted.commit(Sample.named("stays").clusterIp("10.96.0.11").here("10.1.1.1"));
    assertThat(restarted.ipvs.toString())
        .contains("10.96.0.11:80", "198.51.100.1:80")
        .doesNotContain("10.96.0.10");
  }

  @Test
  @DisplayName("What is urgent and refused does not keep the rest from being served (services 42)")
  void urgentIsRefused() throws Exception {
    world.ipvs.refuseNext("add virtual server 10.96.0.200:53/tcp rr", Errno.ENOMEM);
    world.commit(
        web("10.244.2.2"),
        Sample.named("kube-system", "kube-dns")
            .clusterIp("10.96.0.200")
            .port(Protocol.TCP, 53)
            .here("10.244.1.53"));
    assertThat(world.ipvs.toString())
        .contains("10.96.0.10:80/tcp rr\n  10.244.2.2:8080", "10.96.0.200:53/tcp rr");
    assertThat(world.services.isPending()).isFalse();
  }

  @Test
  @DisplayName("A network of an interface within the service CIDR is said, once each time")
  void overlap() throws Exception {
    int eth0 = Objects.requireNonNull(world.links.link("eth0")).index();
    RouteOperation bind =
        new RouteOperation.Add(LinkAddress.of(eth0, IpAddress.parse("10.96.8.1"), 24));
    world.services.settings(
        new ServiceSettings(
            World.SETTINGS.localPods(),
            List.of(),
            List.of(Cidr.parse("10.96.0.0/16")),
            ServiceSettings.DEFAULT_MASQUERADE_MARK));
    world.commit(web("10.244.2.2"));
    assertThat(world.services.problems()).isEmpty();
    for (int time = 1; time <= 2; time++) {
      world.links.applyAll(bind);
      world.services.distrustAddresses();
      world.commit();
      world.services.audit();
      assertThat(world.services.problems())
          .singleElement()
          .asString()
          .startsWith("The service CIDR 10.96.0.0/16 overlaps the network 10.96.8.0/24");
      assertThat(world.notices).hasSize(time);
      world.own("192.0.2.1");
      world.commit();
      assertThat(world.services.problems()).isEmpty();
    }
    assertThat(world.notices.getFirst()).startsWith("null: The service CIDR 10.96.0.0/16");
  }

  @Test
  @DisplayName("A service CIDR with the node's own address does not cut the node off (services 54)")
  void ownAddressInServiceCidr() throws Exception {
    world.services.settings(
        new ServiceSettings(
            World.SETTINGS.localPods(),
            List.of(),
            List.of(Cidr.parse("192.0.2.0/30"), Cidr.parse("fd00:96::/112")),
            ServiceSettings.DEFAULT_MASQUERADE_MARK));
    world.commit(web("10.244.2.2"));
    assertThat(world.table())
        .contains("elements = { 192.0.2.0,", "192.0.2.2/31 }", "fd00:96::/112")
        .doesNotContain("192.0.2.0/30", "192.0.2.0/31");
    world.own("192.0.2.3");
    world.commit();
    assertThat(world.table())
        .contains("elements = { 192.0.2.0/31,", "192.0.2.2 }")
        .doesNotContain("192.0.2.2/31");
    world.own("198.51.100.1");
    world.commit();
    assertThat(world.table()).contains("192.0.2.0/30");
    assertThat(world.services.audit()).isEmpty();
  }

  @Test
  @DisplayName(
      "With a drain timeout of 0, what leaves is gone with the commit that follows at once")
  void withoutPatience() throws Exception {
    World hasty =
        new World(
            new IpvsSettings(Scheduling.ROUND_ROBIN, List.of(), new IpvsTimeouts(0, 0, 0), 0),
            new FakeIpvs());
    hasty.commit(web("10.244.2.2", "10.244.2.3"));
    hasty.count("10.96.0.10:80", "10.244.2.3:8080", 5, 5);
    hasty.commit(web("10.244.2.2"));
    assertThat(hasty.pass(0))
        .isEqualTo("delete real server 10.244.2.3:8080 from 10.96.0.10:80/tcp");
    assertThat(hasty.services.draining()).isZero();
  }
}
