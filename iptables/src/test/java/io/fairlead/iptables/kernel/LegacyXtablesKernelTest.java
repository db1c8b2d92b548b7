package io.fairlead.iptables.kernel;

import static io.fairlead.dataplane.model.AddressFamily.IPV4;
import static io.fairlead.iptables.rule.IptablesTable.FILTER;
import static io.fairlead.iptables.rule.IptablesTable.NAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LegacyXtablesKernelTest extends XtablesContract {

  @Override
  String variant() {
    return "legacy";
  }

  @Override
  XtablesKernel open() {
    return new LegacyXtables(place);
  }

  private static XtablesChange chain(String name) {
    return XtablesChange.ofChains(Map.of(name, List.of(IptablesRule.of(new Target.Return()))));
  }

  @Test
  @DisplayName(
      "A lock that others hold keeps no caller waiting; what was committed meanwhile is"
          + " made together once it is free (faults 20)")
  void heldLock() throws Exception {
    LegacyXtables legacy = (LegacyXtables) xtables;
    commit(IPV4, NAT, chain("FAIRLEAD-0"));
    Process holder =
        place.start(List.of("flock", place.lock().toString(), "-c", "echo held; read line"));
    assertThat(holder.inputReader().readLine()).isEqualTo("held");
    List<CompletableFuture<Void>> results = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      results.add(xtables.commit(IPV4, i % 2 == 0 ? NAT : FILTER, chain("FAIRLEAD-" + i)));
    }
    // Longer than one program waits, so that the changes go back and come again.
    awaitLockWait(legacy);
    assertThat(results).noneMatch(CompletableFuture::isDone);
    results.add(
        xtables.commit(
            IPV4,
            NAT,
            new XtablesChange(
                Map.of(), List.of("FAIRLEAD-0", "FAIRLEAD-2"), List.of(), List.of())));
    holder.getOutputStream().write('\n');
    holder.getOutputStream().flush();
    for (CompletableFuture<Void> result : results) {
      result.get(20, TimeUnit.SECONDS);
    }
    assertThat(holder.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(xtables.read(IPV4, NAT).chains()).hasSize(9).containsKey("FAIRLEAD-20");
    assertThat(xtables.read(IPV4, FILTER).chains()).hasSize(10);
    assertThat(legacy.waitsForLock()).isZero();
  }

  private static void awaitLockWait(LegacyXtables legacy) throws InterruptedException {
    for (int i = 0; i < 300 && legacy.waitsForLock().isZero(); i++) {
      Thread.sleep(50);
    }
    assertThat(legacy.waitsForLock()).isPositive();
  }

  @Test
  void closingEndsWhatWaits() throws Exception {
    Process holder =
        place.start(List.of("flock", place.lock().toString(), "-c", "echo held; read line"));
    assertThat(holder.inputReader().readLine()).isEqualTo("held");
    CompletableFuture<Void> first = xtables.commit(IPV4, NAT, chain("FAIRLEAD-1"));
    CompletableFuture<Void> second = xtables.commit(IPV4, NAT, chain("FAIRLEAD-2"));
    xtables.close();
    for (CompletableFuture<Void> result : List.of(first, second)) {
      assertThat(result)
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(IOException.class);
    }
    holder.destroy();
  }

  @Test
  void aMissingProgramIsNamedWithTheMend() {
    Place without =
        new Place() {
          @Override
          public Process start(List<String> command) throws IOException {
            return new ProcessBuilder("/nonexistent/" + command.getFirst()).start();
          }

          @Override
          public String read(java.nio.file.Path file) throws IOException {
            return place.read(file);
          }
        };
    try (LegacyXtables legacy = new LegacyXtables(without)) {
      assertThat(legacy.commit(IPV4, NAT, chain("FAIRLEAD-1")))
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableOfType(ExecutionException.class)
          .withMessageContaining("iptables-legacy-restore cannot be executed")
          .withMessageContaining("install the package iptables");
    }
  }

  @Test
  void aProgramThatHangsIsKilled() throws Exception {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> Execution.of(place, List.of("sleep", "60"), "", Duration.ofMillis(100)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not end");
  }
}
