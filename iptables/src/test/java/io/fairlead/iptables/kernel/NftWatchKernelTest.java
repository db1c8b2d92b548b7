package io.fairlead.iptables.kernel;

import static io.fairlead.dataplane.model.AddressFamily.IPV4;
import static io.fairlead.iptables.rule.IptablesTable.NAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NftWatchKernelTest {

  @Test
  @DisplayName(
      "Touching what is ours is noticed, and nothing else" + " (services 43, 45, faults 18, 19)")
  void notices() throws Exception {
    Semaphore touched = new Semaphore(0);
    try (TestNamespace namespace = TestNamespace.create("nft-watch");
        NftXtables xtables = namespace.call(NftXtables::open);
        NftWatch watch = namespace.call(() -> NftWatch.start(xtables.port(), touched::release))) {
      assertThat(watch).isNotNull();
      xtables.commit(IPV4, NAT, XtablesContract.withEntry(Map.of("FAIRLEAD-A", List.of()))).join();
      namespace.run("iptables-nft", "-t", "nat", "-A", "PREROUTING", "-j", "ACCEPT");
      namespace.run("iptables-nft", "-t", "nat", "-N", "DOCKER");
      namespace.run("nft", "add table inet other");
      namespace.run("nft", "delete table inet other");
      namespace.run("iptables-nft", "-t", "nat", "-D", "OUTPUT", "1");
      await(touched);
      namespace.run("iptables-nft", "-t", "nat", "-A", "FAIRLEAD-A", "-j", "ACCEPT");
      await(touched);
      namespace.run("iptables-nft", "-t", "nat", "-N", "FAIRLEAD-B");
      await(touched);
      // All that came before was counted by now, and each was one event.
      assertThat(touched.availablePermits()).isZero();
      namespace.run("nft", "flush ruleset");
      await(touched);
    }
  }

  private static void await(Semaphore touched) throws InterruptedException {
    assertThat(touched.tryAcquire(5, TimeUnit.SECONDS)).as("noticed within 5 s").isTrue();
  }
}
