package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Another backend serves from now on: connections stay, everything else goes (services 57). */
class RetirementTest {

  private static final String WEB = "10.96.0.10:80";
  private static final String POD = "10.244.2.2:8080";

  private final World world = new World();

  private static Sample web() {
    return Sample.named("web").clusterIp("10.96.0.10").elsewhere("10.244.2.2");
  }

  @Test
  @DisplayName("a connection keeps its virtual server, its route and no rule that refuses others")
  void connectionsAreWaitedFor() throws Exception {
    world.commit(web(), Sample.named("idle").clusterIp("10.96.0.11").elsewhere("10.244.2.9"));
    world.count(WEB, POD, 1, 0);
    assertThat(world.services.retire()).isFalse();
    assertThat(world.ipvs.realServers(World.server(WEB)).getFirst().server().weight()).isZero();
    assertThat(world.treatments())
        .contains("10.96.0.10:80/tcp: virtual masquerade NOBODY served")
        .doesNotContain("REFUSE");

    world.alarm.pass(Duration.ofSeconds(1));
    assertThat(world.services.isPending()).isTrue();
    assertThat(world.services.retire()).isFalse();
    assertThat(world.ipvs.toString()).contains(WEB).doesNotContain("10.96.0.11");

    world.count(WEB, POD, 0, 7); // Closed, and remembered for two minutes.
    world.alarm.pass(Duration.ofSeconds(3));
    assertThat(world.services.retire()).isTrue();
    assertThat(world.ipvs.virtualServers()).isEmpty();
    assertThat(world.routed()).isEmpty();
    assertThat(world.table()).doesNotContain("fairlead-ipvs");
  }

  @Test
  @DisplayName("after the deadline even connections go")
  void theDeadlineHolds() throws Exception {
    world.commit(web());
    world.count(WEB, POD, 1, 0);
    assertThat(world.services.retire()).isFalse();
    world.alarm.pass(Duration.ofSeconds(IpvsSettings.DEFAULT.drainSeconds()));
    assertThat(world.services.retire()).isTrue();
    assertThat(world.ipvs.virtualServers()).isEmpty();
  }

  @Test
  @DisplayName("a new backend over what retires serves again")
  void takenOver() throws Exception {
    world.commit(web());
    world.count(WEB, POD, 1, 0);
    assertThat(world.services.retire()).isFalse();
    World again = world.restarted();
    assertThat(again.commit(web()))
        .isEqualTo("change real server " + POD + " weight 1 of " + WEB + "/tcp");
  }
}
