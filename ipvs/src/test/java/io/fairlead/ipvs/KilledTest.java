package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.netlink.ipvs.IpvsKernel;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.testing.Killed;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An agent that is killed between any two steps, and the one that comes after it. */
class KilledTest {

  private static final List<Sample> BEFORE =
      List.of(
          Sample.named("web").clusterIp("10.96.0.10").elsewhere("10.244.2.2", "10.244.2.3"),
          Sample.named("goes").clusterIp("10.96.0.11").elsewhere("10.244.2.2"));
  private static final List<Sample> AFTER =
      List.of(
          Sample.named("web").clusterIp("10.96.0.10").elsewhere("10.244.2.3", "10.244.2.4"),
          Sample.named("balanced")
              .clusterIp("10.96.0.12")
              .balancerIp("198.51.100.1")
              .external(TrafficPolicy.LOCAL)
              .here("10.244.1.2")
              .elsewhere("10.244.2.2"),
          Sample.named("empty").clusterIp("10.96.0.13"));

  private static String kernel(World world) {
    return world.ipvs
        + world.links.dump()
        + String.join("\n", world.tables.toString().lines().sorted().toList());
  }

  /** The next agent over what is there. */
  private static World next(World world, List<Sample> samples) throws IOException {
    World next = world.restarted();
    next.commit(samples.toArray(Sample[]::new));
    next.audit(); // What drains without connections goes at the second look.
    return next;
  }

  /** Whether an agent was killed at that step; another one took over. */
  private static boolean survives(int step, boolean cold) throws IOException {
    World world = new World();
    World reference = new World();
    if (!cold) {
      next(world, BEFORE);
      next(reference, BEFORE);
    }
    next(reference, AFTER);
    Killed life = new Killed(step);
    AddressClaims claims = new AddressClaims();
    IpvsServices killed =
        new IpvsServices(
            new IpvsKernels(
                life.over(IpvsKernel.class, world.ipvs),
                life.over(NfTablesKernel.class, world.tables),
                life.over(RouteKernel.class, world.links)),
            claims,
            World.SETTINGS,
            IpvsSettings.DEFAULT,
            (_, _) -> {},
            () -> {},
            world.alarm);
    for (Sample sample : AFTER) {
      killed.update(claims.update(sample.key, sample.fragment(ServiceNode.named(Sample.HERE))));
    }
    try {
      killed.commit();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("killed");
    }
    World after = next(world, AFTER);
    assertThat(after.services.audit()).as("killed at step %d", step).isEmpty();
    assertThat(kernel(world)).as("killed at step %d", step).isEqualTo(kernel(reference));
    return life.isDead();
  }

  @Test
  @DisplayName("killed before any step of a commit: the next agent converges (faults 1)")
  void everyStep() throws IOException {
    for (boolean cold : new boolean[] {true, false}) {
      int step = 0;
      while (survives(step, cold)) {
        step++;
      }
      assertThat(step).as("steps").isGreaterThan(5);
    }
  }
}
