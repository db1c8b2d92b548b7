package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Endpoints that leave, and the connections that they have. */
class DrainingTest {

  private static final String WEB = "10.96.0.10:80";
  private static final String STAYS = "10.244.2.2:8080";
  private static final String LEAVES = "10.244.2.3:8080";
  private static final String GONE = "delete real server " + LEAVES + " from " + WEB + "/tcp";

  private final World world = new World();

  private static Sample web(String... endpoints) {
    return Sample.named("web").clusterIp("10.96.0.10").elsewhere(endpoints);
  }

  private static Sample both() {
    return web("10.244.2.2", "10.244.2.3");
  }

  private static Sample one() {
    return web("10.244.2.2");
  }

  /** One endpoint leaves that has a connection. */
  private void leave() throws Exception {
    world.commit(both());
    world.count(WEB, LEAVES, 1, 0);
    assertThat(world.commit(one()))
        .isEqualTo("change real server " + LEAVES + " weight 0 of " + WEB + "/tcp");
    assertThat(world.services.draining()).isOne();
  }

  @Test
  void connectionsAreWaitedFor() throws Exception {
    leave();
    assertThat(world.pass(1)).isEmpty();
    world.count(WEB, LEAVES, 0, 1);
    assertThat(world.pass(2)).isEmpty();
    world.count(WEB, LEAVES, 0, 0);
    assertThat(world.pass(3)).isEmpty();
    assertThat(world.pass(1)).isEqualTo(GONE);
    assertThat(world.services.draining()).isZero();
    assertThat(world.pass(3600)).isEmpty();
  }

  @Test
  void theKernelIsAskedEverMoreRarelyAndOnlyForWhatDrains() throws Exception {
    world.commit(Sample.named("other").clusterIp("10.96.0.11").elsewhere("10.244.2.9"));
    leave();
    List<Integer> asked = new ArrayList<>();
    for (int second = 1; second <= 300; second++) {
      int before = world.ipvs.messages();
      assertThat(world.pass(1)).isEmpty();
      if (world.ipvs.messages() != before) {
        assertThat(world.ipvs.messages() - before).isOne();
        asked.add(second);
      }
    }
    assertThat(asked).containsExactly(1, 3, 7, 15, 31, 63, 123, 183, 243);
  }

  @Test
  void thereIsADeadline() throws Exception {
    leave();
    for (int second = 1; second < 900; second++) {
      assertThat(world.pass(1)).isEmpty();
    }
    assertThat(world.pass(1)).isEqualTo(GONE);
  }

  @Test
  @DisplayName("An endpoint that returns while it drains serves again (services 53)")
  void returning() throws Exception {
    leave();
    assertThat(world.commit(both()))
        .isEqualTo("change real server " + LEAVES + " weight 1 of " + WEB + "/tcp");
    assertThat(world.services.draining()).isZero();
    assertThat(world.pass(3600)).isEmpty();
  }

  @Test
  void whatBeginsToDrainLaterIsLookedAtLater() throws Exception {
    leave();
    world.alarm.pass(Duration.ofMillis(500));
    world.commit(web("10.244.2.3"));
    assertThat(world.services.draining()).isOne();
    world.alarm.pass(Duration.ofMillis(500));
    assertThat(world.commit()).isEmpty();
    world.alarm.pass(Duration.ofMillis(500));
    assertThat(world.services.isPending()).isTrue();
    assertThat(world.commit()).isEqualTo("delete real server " + STAYS + " from " + WEB + "/tcp");
    assertThat(world.services.isPending()).isFalse();
  }

  @Test
  void anotherChangeDoesNotProlongTheWait() throws Exception {
    leave();
    world.pass(600);
    world.commit(web("10.244.2.2", "10.244.2.4"));
    for (int second = 601; second < 900; second++) {
      assertThat(world.pass(1)).isEmpty();
    }
    assertThat(world.pass(1)).isEqualTo(GONE);
  }

  @Test
  @DisplayName("Weight 0 of an earlier run: serves again, drains on, or goes (services 53)")
  void weightsOfAnEarlierRun() throws Exception {
    world.commit(web("10.244.2.2", "10.244.2.3", "10.244.2.4"));
    world.count(WEB, LEAVES, 3, 0);
    for (String address : List.of("10.244.2.2", "10.244.2.3", "10.244.2.4")) {
      world.ipvs.disturb(
          new IpvsOperation.ChangeRealServer(
              World.server(WEB),
              new RealServer(IpAddress.parse(address), 8080, ForwardingMethod.MASQUERADE, 0)));
    }
    World restarted = world.restarted();
    assertThat(restarted.commit(one()))
        .isEqualTo(
            """
            change real server 10.244.2.2:8080 weight 1 of 10.96.0.10:80/tcp
            delete real server 10.244.2.4:8080 from 10.96.0.10:80/tcp\
            """);
    assertThat(restarted.services.draining()).isOne();
    restarted.count(WEB, LEAVES, 0, 0);
    assertThat(restarted.pass(1)).isEqualTo(GONE);
  }

  @Test
  void withoutEndpointsTheServerStaysForItsConnectionsAndNewOnesAreRefused() throws Exception {
    world.commit(one());
    world.count(WEB, STAYS, 1, 0);
    assertThat(world.commit(web()))
        .isEqualTo("change real server " + STAYS + " weight 0 of " + WEB + "/tcp");
    assertThat(world.treatments())
        .isEqualTo(
            "10.96.0.10:80/tcp: virtual masquerade ALL_BUT_LOCAL_PODS inside REFUSE outside"
                + " REFUSE served\n");
    world.count(WEB, STAYS, 0, 0);
    assertThat(world.pass(1)).isEqualTo("delete virtual server " + WEB + "/tcp");
    assertThat(world.treatments())
        .isEqualTo(
            "10.96.0.10:80/tcp: virtual masquerade ALL_BUT_LOCAL_PODS inside REFUSE outside"
                + " REFUSE\n");
  }

  @Test
  void aDeletedServiceStaysForEstablishedConnectionsOnly() throws Exception {
    world.commit(both());
    world.count(WEB, STAYS, 1, 1);
    world.count(WEB, LEAVES, 0, 5);
    world.delete("web");
    assertThat(world.commit())
        .isEqualTo(
            """
            change real server 10.244.2.2:8080 weight 0 of 10.96.0.10:80/tcp
            change real server 10.244.2.3:8080 weight 0 of 10.96.0.10:80/tcp\
            """);
    assertThat(world.treatments())
        .isEqualTo(
            "10.96.0.10:80/tcp: virtual masquerade NOBODY inside REFUSE outside REFUSE served\n");
    assertThat(world.routed()).hasSize(1);
    world.count(WEB, STAYS, 0, 1);
    assertThat(world.pass(1)).isEqualTo("delete virtual server " + WEB + "/tcp");
    assertThat(world.kernel()).isEqualTo("routes []\n");
  }

  @Test
  void aDeletedServiceWithoutEstablishedConnectionsIsGone() throws Exception {
    world.commit(both());
    world.count(WEB, STAYS, 0, 7);
    world.delete("web");
    assertThat(world.commit()).isEqualTo("delete virtual server " + WEB + "/tcp");
    assertThat(world.kernel()).isEqualTo("routes []\n");
  }

  @Test
  void aDeletedServiceThatReturnsTakesItsServersBack() throws Exception {
    world.commit(both());
    world.count(WEB, STAYS, 1, 0);
    world.delete("web");
    world.commit();
    world.commit(both());
    World other = new World();
    other.commit(both());
    assertThat(world.kernel()).isEqualTo(other.kernel());
    assertThat(world.services.draining()).isZero();
  }

  @Test
  void anotherServiceInheritsTheAddressAndOnlyTheOldConnectionsAreKept() throws Exception {
    world.commit(
        both().created(1),
        Sample.named("other").created(2).clusterIp("10.96.0.10").elsewhere("10.244.3.3"));
    world.count(WEB, STAYS, 1, 0);
    world.delete("web");
    assertThat(world.commit())
        .isEqualTo(
            """
            add real server 10.244.3.3:8080 weight 1 to 10.96.0.10:80/tcp
            change real server 10.244.2.2:8080 weight 0 of 10.96.0.10:80/tcp
            change real server 10.244.2.3:8080 weight 0 of 10.96.0.10:80/tcp\
            """);
    assertThat(world.pass(1)).isEqualTo(GONE);
  }

  @Test
  void aServerByMarkDrainsAndKeepsItsMarkMeanwhile() throws Exception {
    Sample local = web("10.244.2.2").balancerIp("203.0.113.9").external(TrafficPolicy.LOCAL);
    world.commit(local);
    var mark = new VirtualServerId.ByMark(AddressFamily.IPV4, 0x46000001);
    world.ipvs.count(mark, new RealServerId(IpAddress.parse("10.244.2.2"), 8080), 1, 0);
    assertThat(world.commit(web("10.244.2.2").balancerIp("203.0.113.9")))
        .isEqualTo(
            """
            add virtual server 203.0.113.9:80/tcp rr
            add real server 10.244.2.2:8080 weight 1 to 203.0.113.9:80/tcp
            change real server 10.244.2.2:8080 weight 0 of mark 0x46000001 (IPv4)\
            """);
    world.commit(
        Sample.named("next")
            .clusterIp("10.96.0.12")
            .balancerIp("203.0.113.10")
            .external(TrafficPolicy.LOCAL)
            .elsewhere("10.244.2.4"));
    assertThat(world.ipvs.toString()).contains("mark 0x46000002 (IPv4) rr\n  10.244.2.4:8080");
    world.ipvs.count(mark, new RealServerId(IpAddress.parse("10.244.2.2"), 8080), 0, 0);
    assertThat(world.pass(1)).isEqualTo("delete virtual server mark 0x46000001 (IPv4)");
    world.commit(
        Sample.named("third")
            .clusterIp("10.96.0.13")
            .balancerIp("203.0.113.11")
            .external(TrafficPolicy.LOCAL)
            .elsewhere("10.244.2.5"));
    assertThat(world.ipvs.toString()).contains("mark 0x46000001 (IPv4) rr\n  10.244.2.5:8080");
  }
}
