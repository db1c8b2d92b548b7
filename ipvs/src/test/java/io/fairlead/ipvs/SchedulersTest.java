package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.netlink.ipvs.FakeIpvs;
import io.fairlead.dataplane.netlink.ipvs.IpvsTimeouts;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which scheduler a Service gets, and what is said about it. */
class SchedulersTest {

  private static Sample web(String scheduler) {
    return Sample.named("web").clusterIp("10.96.0.10").elsewhere("10.244.2.2").scheduler(scheduler);
  }

  private static World world(String byDefault, String... schedulers) {
    return new World(
        new IpvsSettings(Scheduling.parse(byDefault), List.of(), new IpvsTimeouts(0, 0, 0), 900),
        new FakeIpvs(Set.of(schedulers)));
  }

  @Test
  void aServiceMayNameAScheduler() throws Exception {
    World world = world("wlc", "rr", "wlc", "mh");
    world.commit(web("mh,mh-port"));
    world.commit(Sample.named("other").clusterIp("10.96.0.11").elsewhere("10.244.2.2"));
    assertThat(world.ipvs.toString())
        .contains("10.96.0.10:80/tcp mh -b mh-fallback,mh-port\n")
        .contains("10.96.0.11:80/tcp wlc\n");
    assertThat(world.commit(web(""))).isEqualTo("change virtual server 10.96.0.10:80/tcp wlc");
    assertThat(world.notices).isEmpty();
  }

  @Test
  void anUnknownSchedulerIsSaidOnceAndTheDefaultUsed() throws Exception {
    World world = world("wlc", "rr", "wlc");
    world.commit(web("fastest"));
    world.services.audit();
    world.commit(web("fastest").elsewhere("10.244.2.3"));
    assertThat(world.ipvs.toString()).contains("10.96.0.10:80/tcp wlc\n");
    assertThat(world.notices)
        .singleElement()
        .asString()
        .startsWith(
            "default/web: Service default/web names no scheduler that can be used: \"fastest\" is"
                + " no scheduler of IPVS; known are rr,")
        .endsWith("; wlc is used for it");
    world.commit(web("quickest"));
    assertThat(world.notices).hasSize(2);
    world.delete("web");
    world.commit(web("fastest"));
    assertThat(world.notices).hasSize(3);
  }

  @Test
  void aSchedulerThatTheKernelLacksIsSaidOnceAndTheDefaultUsedWithinTheCommit() throws Exception {
    World world = world("wlc", "rr", "wlc");
    assertThat(world.commit(web("mh")))
        .isEqualTo(
            """
            add virtual server 10.96.0.10:80/tcp wlc
            add real server 10.244.2.2:8080 weight 1 to 10.96.0.10:80/tcp\
            """);
    assertThat(world.services.isPending()).isFalse();
    assertThat(world.audit()).isEmpty();
    assertThat(world.notices)
        .containsExactly(
            "default/web: Service default/web needs scheduler mh, which this kernel does not have;"
                + " load its module ip_vs_mh and restart the agent; wlc is used for it");
  }

  @Test
  void aLivingServerKeepsItsSchedulerIfTheNewOneIsLacking() throws Exception {
    World world = world("wlc", "rr", "wlc", "sh");
    world.commit(web(""));
    assertThat(world.commit(web("mh"))).isEmpty();
    assertThat(world.commit(web("sh")))
        .isEqualTo("change virtual server 10.96.0.10:80/tcp sh -b sh-fallback");
    assertThat(world.notices).hasSize(1);
  }

  @Test
  void withoutTheDefaultItIsRoundRobin() throws Exception {
    World world = world("wlc", "rr");
    world.commit(web("mh"), Sample.named("other").clusterIp("10.96.0.11").here("10.244.1.2"));
    assertThat(world.ipvs)
        .hasToString(
            """
            10.96.0.10:80/tcp rr
              10.244.2.2:8080 weight 1
            10.96.0.11:80/tcp rr
              10.244.1.2:8080 weight 1
            """);
    assertThat(world.notices)
        .contains(
            "null: the default scheduler wlc is missing in this kernel; load its module ip_vs_wlc"
                + " and restart the agent; rr is used");
    assertThat(world.audit()).isEmpty();
  }

  @Test
  void withoutAnySchedulerItIsAFailureThatNamesTheModule() {
    World world = world("wlc", "lc");
    world.update(web(""));
    assertThatThrownBy(world.services::commit)
        .hasMessage(
            "IPVS does not serve Service default/web at 10.96.0.10:80/tcp as it should: add"
                + " virtual server 10.96.0.10:80/tcp rr: ENOENT (no such object); load the kernel"
                + " module ip_vs_rr");
  }

  @Test
  @DisplayName("Affinity comes, changes and goes on a live Service (services 51)")
  void affinity() throws Exception {
    World world = world("rr", "rr", "mh");
    Sample balanced = web("").balancerIp("203.0.113.9").external(TrafficPolicy.LOCAL);
    world.commit(balanced);
    assertThat(world.commit(balanced.affinity(600)))
        .isEqualTo(
            """
            change virtual server 10.96.0.10:80/tcp rr -p 600
            change virtual server mark 0x46000001 (IPv4) mh -b mh-fallback\
            """);
    assertThat(world.commit(balanced.affinity(60)))
        .isEqualTo("change virtual server 10.96.0.10:80/tcp rr -p 60");
    assertThat(world.commit(balanced.affinity(0)))
        .isEqualTo(
            """
            change virtual server 10.96.0.10:80/tcp rr
            change virtual server mark 0x46000001 (IPv4) rr\
            """);
  }
}
