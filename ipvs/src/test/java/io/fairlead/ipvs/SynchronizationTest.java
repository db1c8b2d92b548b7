package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.ipvs.FakeIpvs;
import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.IpvsTimeouts;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.SchedulerFlag;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Starts over what there is, and mending what others or failures did. */
class SynchronizationTest {

  private static final RealServer FOREIGN_REAL =
      new RealServer(IpAddress.parse("198.51.100.7"), 80, ForwardingMethod.DIRECT_ROUTING, 5);

  private final World world = new World();

  private static Sample web() {
    return Sample.named("web").clusterIp("10.96.0.10").elsewhere("10.244.2.2", "10.244.2.3");
  }

  private static Sample local() {
    return Sample.named("local")
        .clusterIp("10.96.0.11", "fd00:96::b")
        .balancerIp("203.0.113.9", "2001:db8:9::9")
        .nodePort(30080)
        .external(TrafficPolicy.LOCAL)
        .here("10.244.1.2", "fd00:244:1::2")
        .elsewhere("10.244.2.2", "fd00:244:2::2");
  }

  private static VirtualServer server(String address) {
    return new VirtualServer(World.server(address), "wlc", Set.of(), 0);
  }

  @Test
  @DisplayName("A restart over a right state changes nothing (services 41)")
  void restart() throws Exception {
    world.commit(web(), local(), Sample.named("empty").clusterIp("10.96.0.12"));
    String before = world.kernel();
    world.ipvs.takeApplied();
    World restarted = world.restarted();
    restarted.update(web(), local(), Sample.named("empty").clusterIp("10.96.0.12"));
    assertThat(restarted.services.commit()).isEmpty();
    assertThat(restarted.services.audit()).isEmpty();
    assertThat(world.ipvs.takeApplied()).isEmpty();
    assertThat(restarted.kernel()).isEqualTo(before);
  }

  @Test
  @DisplayName("A restart sends only what changed meanwhile (services 41)")
  void changedMeanwhile() throws Exception {
    world.commit(web(), local(), Sample.named("gone").clusterIp("10.96.0.13").here("10.244.1.9"));
    World restarted = world.restarted();
    assertThat(
            restarted.commit(
                Sample.named("web").clusterIp("10.96.0.10").elsewhere("10.244.2.3", "10.244.2.4"),
                local()))
        .isEqualTo(
            """
            add real server 10.244.2.4:8080 weight 1 to 10.96.0.10:80/tcp
            change real server 10.244.2.2:8080 weight 0 of 10.96.0.10:80/tcp
            delete virtual server 10.96.0.13:80/tcp\
            """);
    assertThat(restarted.treatments()).doesNotContain("10.96.0.13");
    assertThat(restarted.routed().toString()).doesNotContain("10.96.0.13");
  }

  @Test
  void marksOutliveARestart() throws Exception {
    Sample other =
        Sample.named("a").clusterIp("10.96.0.20").balancerIp("203.0.113.1").here("10.244.1.7");
    world.commit(local());
    world.commit(other.external(TrafficPolicy.LOCAL));
    String before = world.kernel();
    World restarted = world.restarted();
    // In another order, and with one that is new.
    restarted.update(
        Sample.named("Z")
            .clusterIp("10.96.0.21")
            .balancerIp("203.0.113.2")
            .external(TrafficPolicy.LOCAL)
            .here("10.244.1.8"));
    restarted.commit(other, local());
    restarted.delete("Z");
    restarted.commit();
    assertThat(restarted.kernel()).isEqualTo(before);
  }

  @Test
  @DisplayName("Others' virtual servers are left alone (services 45)")
  void foreign() throws Exception {
    world.ipvs.disturb(server("198.51.100.1:80"), FOREIGN_REAL);
    VirtualServerId mark = new VirtualServerId.ByMark(AddressFamily.IPV4, 7);
    world.ipvs.disturb(new VirtualServer(mark, "rr", Set.of(), 0), FOREIGN_REAL);
    String foreign = world.ipvs.toString();
    world.commit(web());
    world.delete("web");
    world.commit();
    world.services.audit();
    world.restarted().commit();
    assertThat(world.ipvs).hasToString(foreign);
    world.services.remove();
    assertThat(world.ipvs).hasToString(foreign);
  }

  @Test
  @DisplayName(
      "Nothing is made, changed or removed in excludeCIDRs, and that is said (services 45)")
  void excluded() throws Exception {
    IpvsSettings settings =
        new IpvsSettings(
            Scheduling.ROUND_ROBIN,
            List.of(Cidr.parse("203.0.113.0/24")),
            new IpvsTimeouts(0, 0, 0),
            900);
    World excluding = new World(settings);
    excluding.ipvs.disturb(server("203.0.113.9:80"), FOREIGN_REAL);
    excluding.ipvs.disturb(server("203.0.113.10:80"), FOREIGN_REAL);
    String foreign = excluding.ipvs.toString();
    Sample service = web().balancerIp("203.0.113.9").external(TrafficPolicy.LOCAL);
    excluding.commit(service);
    assertThat(excluding.kernel())
        .isEqualTo(
            """
            10.96.0.10:80/tcp rr
              10.244.2.2:8080 weight 1
              10.244.2.3:8080 weight 1
            """
                + foreign
                + """
                10.96.0.10:80/tcp: virtual masquerade ALL_BUT_LOCAL_PODS served
                routes [10.96.0.10]
                """);
    excluding.services.audit();
    assertThat(excluding.notices)
        .containsExactly(
            "default/web: Service default/web is not served at 203.0.113.9, which excludeCIDRs"
                + " leaves to others");
    excluding.services.remove();
    assertThat(excluding.ipvs).hasToString(foreign);
  }

  @Test
  void whatAnotherProxyMadeForAServiceIsTakenOver() throws Exception {
    world.ipvs.disturb(
        new VirtualServer(
            World.server("10.96.0.10:80"), "sh", Set.of(SchedulerFlag.FLAG_2), 600, "-o"),
        new RealServer(IpAddress.parse("10.244.2.2"), 8080, ForwardingMethod.MASQUERADE, 1),
        new RealServer(
            IpAddress.parse("10.244.2.3"), 8080, ForwardingMethod.MASQUERADE, 1, "-x 5"));
    assertThat(world.commit(web()))
        .isEqualTo(
            """
            change virtual server 10.96.0.10:80/tcp rr
            change real server 10.244.2.3:8080 weight 1 of 10.96.0.10:80/tcp\
            """);
  }

  @Test
  void anEndpointThatIsTheNodeItselfMayBeCalledLocal() throws Exception {
    world.commit(web());
    world.ipvs.disturb(
        new VirtualServer(World.server("10.96.0.10:80"), "rr", Set.of(), 0),
        new RealServer(IpAddress.parse("10.244.2.2"), 8080, ForwardingMethod.LOCAL, 1));
    assertThat(world.audit()).isEmpty();
  }

  @Test
  @DisplayName("Drift is repaired, and only that is sent (services 43)")
  void drift() throws Exception {
    world.commit(web(), local());
    String right = world.kernel();
    world.ipvs.disturb(
        new IpvsOperation.DeleteVirtualServer(World.server("10.96.0.11:80")),
        new IpvsOperation.DeleteRealServer(
            World.server("10.96.0.10:80"), new RealServerId(IpAddress.parse("10.244.2.3"), 8080)),
        new IpvsOperation.AddRealServer(World.server("10.96.0.10:80"), drifted()),
        new IpvsOperation.ChangeVirtualServer(server("203.0.113.9:80")));
    assertThat(world.services.isPending()).isFalse();
    assertThat(world.audit())
        .isEqualTo(
            """
            add real server 10.244.2.3:8080 weight 1 to 10.96.0.10:80/tcp
            add virtual server 10.96.0.11:80/tcp rr
            add real server 10.244.1.2:8080 weight 1 to 10.96.0.11:80/tcp
            add real server 10.244.2.2:8080 weight 1 to 10.96.0.11:80/tcp
            change virtual server 203.0.113.9:80/tcp rr
            change real server 10.244.9.9:8080 weight 0 of 10.96.0.10:80/tcp\
            """);
    world.pass(1);
    assertThat(world.kernel()).isEqualTo(right);
  }

  private static RealServer drifted() {
    return new RealServer(IpAddress.parse("10.244.9.9"), 8080, ForwardingMethod.MASQUERADE, 1);
  }

  @Test
  @DisplayName("After a failure the next commit looks at everything, and mends it (services 42)")
  void failure() throws Exception {
    world.commit(web());
    world.ipvs.failNext(new IOException("the socket broke"));
    world.update(local());
    assertThatThrownBy(world.services::commit).hasMessage("the socket broke");
    assertThat(world.services.isPending()).isTrue();
    world.commit();
    assertRight(world, web(), local());
  }

  @Test
  @DisplayName("Without its rules nothing is served (services 42)")
  void rulesFail() throws Exception {
    world.commit(web());
    String before = world.ipvs.toString();
    world.tables.failNext(new NetlinkException("add table", Errno.ENOMEM, "", -1, 0));
    world.update(local());
    assertThatThrownBy(world.services::commit).hasMessage("add table: ENOMEM (out of memory)");
    assertThat(world.ipvs).hasToString(before);
    world.commit();
    assertRight(world, web(), local());
  }

  @Test
  @DisplayName("One virtual server that is refused stops no other (services 42)")
  void refusal() throws Exception {
    world.commit();
    world.ipvs.refuseNext("add virtual server 10.96.0.10:80/tcp rr", Errno.ENOMEM);
    world.update(web(), local());
    assertThatThrownBy(world.services::commit)
        .hasMessage(
            "IPVS does not serve Service default/web at 10.96.0.10:80/tcp as it should: add"
                + " virtual server 10.96.0.10:80/tcp rr: ENOMEM (out of memory); it is tried"
                + " again");
    assertThat(world.ipvs.toString())
        .contains("10.96.0.11:80/tcp rr\n  10.244.1.2:8080")
        .doesNotContain("10.96.0.10:80");
    assertThat(world.services.isPending()).isTrue();
    world.commit();
    assertRight(world, web(), local());
  }

  private static void assertRight(World world, Sample... samples) throws IOException {
    World fresh = new World();
    fresh.commit(samples);
    assertThat(world.kernel()).isEqualTo(fresh.kernel());
    assertThat(world.services.isPending()).isFalse();
  }

  @Test
  void theApiServerAndDnsComeFirst() throws Exception {
    world.update(
        web(),
        Sample.named("kube-system", "kube-dns")
            .clusterIp("10.96.0.200")
            .port(Protocol.TCP, 53)
            .here("10.244.1.53"),
        Sample.named("kubernetes").clusterIp("10.96.0.201").elsewhere("192.0.2.100"));
    List<String> servers =
        world.services.commit().stream()
            .filter(text -> text.startsWith("add virtual server") || text.startsWith("add route"))
            .map(text -> text.replaceFirst(" dev .*", ""))
            .toList();
    assertThat(servers)
        .containsExactly(
            "add virtual server 10.96.0.200:53/tcp rr",
            "add virtual server 10.96.0.201:80/tcp rr",
            "add route local 10.96.0.200/32",
            "add route local 10.96.0.201/32",
            "add virtual server 10.96.0.10:80/tcp rr",
            "add route local 10.96.0.10/32");
  }

  @Test
  @DisplayName("What is removed leaves nothing, and may come back (services 57)")
  void removal() throws Exception {
    world.commit(web(), local());
    String before = world.kernel();
    world.services.remove();
    assertNothing();
    world.commit();
    assertThat(world.kernel()).isEqualTo(before);
    World restarted = world.restarted();
    restarted.services.remove();
    assertNothing();
  }

  private void assertNothing() {
    assertThat(world.ipvs.toString() + world.table() + world.routed()).isEqualTo("[]");
  }

  @Test
  void closingChangesNothing() throws Exception {
    world.commit(web(), local());
    String before = world.kernel();
    world.services.close();
    assertThat(world.kernel()).isEqualTo(before);
  }

  @Test
  void timeoutsAreSetOnceAndOnlyThoseThatAreConfigured() throws Exception {
    World configured =
        new World(
            new IpvsSettings(Scheduling.ROUND_ROBIN, List.of(), new IpvsTimeouts(0, 30, 0), 900),
            new FakeIpvs());
    assertThat(configured.services.commit()).contains("set timeouts tcp 0 tcpfin 30 udp 0");
    assertThat(configured.ipvs.timeouts()).isEqualTo(new IpvsTimeouts(900, 30, 300));
    assertThat(configured.services.audit()).isEmpty();
  }
}
