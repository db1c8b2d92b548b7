package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.testing.Killed;
import io.fairlead.iptables.kernel.XtablesKernel;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An agent that is killed between any two changes of a table, and the one that comes after it. */
class KilledTest {

  private static final List<Sample> BEFORE =
      List.of(
          Sample.named("web").clusterIp("10.96.0.10", "fd00:96::a").elsewhere("10.244.2.2"),
          Sample.named("goes").clusterIp("10.96.0.11").here("10.244.1.2"));
  private static final List<Sample> AFTER =
      List.of(
          Sample.named("web").clusterIp("10.96.0.10", "fd00:96::a").elsewhere("10.244.2.3"),
          Sample.named("empty").clusterIp("10.96.0.12").nodePort(30_012),
          Sample.named("balanced")
              .clusterIp("10.96.0.13")
              .balancerIp("198.51.100.1")
              .ranges("203.0.113.0/24")
              .here("10.244.1.2"));

  /** What an agent makes of what is there. */
  private static void run(XtablesKernel kernel, List<Sample> samples) throws IOException {
    AddressClaims claims = new AddressClaims();
    IptablesServices services = new IptablesServices(kernel, claims, World.SETTINGS, () -> {});
    for (Sample sample : samples) {
      services.update(claims.update(sample.key, sample.fragment(World.NODE)));
    }
    services.commit();
    assertThat(services.audit()).isEmpty();
  }

  private static boolean survives(int step, boolean cold) throws IOException {
    World world = new World();
    World reference = new World();
    if (!cold) {
      run(world.kernel, BEFORE);
      run(reference.kernel, BEFORE);
    }
    run(reference.kernel, AFTER);
    Killed life = new Killed(step);
    try {
      run(life.over(XtablesKernel.class, world.kernel), AFTER);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("killed");
    }
    run(world.kernel, AFTER);
    assertThat(world.save().lines().sorted().toList())
        .as("killed at step %d", step)
        .isEqualTo(reference.save().lines().sorted().toList());
    return life.isDead();
  }

  @Test
  @DisplayName("killed before any change of a table: the next agent converges (faults 1)")
  void everyChange() throws IOException {
    for (boolean cold : new boolean[] {true, false}) {
      int step = 0;
      while (survives(step, cold)) {
        step++;
      }
      assertThat(step).as("changes").isGreaterThan(1);
    }
  }
}
