package io.fairlead.nftables;

import static io.fairlead.nftables.Samples.key;
import static io.fairlead.nftables.Samples.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.testing.Killed;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An agent that is killed between any two transactions, and the one that comes after it. */
class KilledTest {

  private static void before(ServiceTable table) {
    table.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.3:8080", "10.244.1.4:8080"));
    table.update(key("goes"), tcp("goes", "10.96.0.11:80", "10.244.1.3:8080"));
  }

  private static void after(ServiceTable table) {
    table.update(key("web"), tcp("web", "10.96.0.10:80", "10.244.1.4:8080"));
    table.update(key("goes"), Optional.empty());
    table.update(key("empty"), tcp("empty", "10.96.0.12:80"));
    for (int i = 0; i < 50; i++) {
      table.update(key("s" + i), tcp("s" + i, "10.96.1." + i + ":80", "10.244.1.3:8080"));
    }
  }

  /** What is in the kernel after an agent was killed at a step, and another one took over. */
  private static boolean survives(int step, boolean cold, String expected) throws IOException {
    FakeNfTables kernel = new FakeNfTables();
    if (!cold) {
      ServiceTable first = new ServiceTable(kernel);
      before(first);
      first.commit();
    }
    Killed life = new Killed(step);
    ServiceTable killed = new ServiceTable(life.over(NfTablesKernel.class, kernel));
    after(killed);
    try {
      killed.commit();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("killed");
    }
    ServiceTable next = new ServiceTable(kernel);
    after(next);
    next.commit();
    assertThat(next.audit()).isEmpty();
    if (!expected.isEmpty()) {
      assertThat(lines(kernel)).as("killed at step %d", step).isEqualTo(expected);
    }
    return life.isDead();
  }

  private static String lines(FakeNfTables kernel) {
    return String.join("\n", kernel.toString().lines().sorted().toList());
  }

  @Test
  @DisplayName("killed before any transaction of a commit: the next agent converges (faults 1)")
  void services() throws IOException {
    for (boolean cold : new boolean[] {true, false}) {
      FakeNfTables reference = new FakeNfTables();
      ServiceTable whole = new ServiceTable(reference);
      if (!cold) {
        before(whole);
        whole.commit();
      }
      after(whole);
      whole.commit();
      int step = 0;
      while (survives(step, cold, lines(reference))) {
        step++;
      }
      assertThat(step).as("transactions").isPositive();
    }
  }
}
