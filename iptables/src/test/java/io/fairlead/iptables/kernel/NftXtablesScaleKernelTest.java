package io.fairlead.iptables.kernel;

import static io.fairlead.dataplane.model.AddressFamily.IPV4;
import static io.fairlead.iptables.rule.IptablesTable.NAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.iptables.rule.IptablesRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 1,000 Services with two endpoints each, or as many as -Dfairlead.scale=N says. Times are printed,
 * not judged.
 */
class NftXtablesScaleKernelTest {

  private static final int SERVICES = Integer.getInteger("fairlead.scale", 1_000);

  @TempDir private Path folder;

  private interface Step {
    void run() throws Exception;
  }

  private static double millis(Step step) throws Exception {
    long start = System.nanoTime();
    step.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static String percentiles(int count, Step step) throws Exception {
    double[] times = new double[count];
    for (int i = 0; i < count; i++) {
      times[i] = millis(step);
    }
    Arrays.sort(times);
    return String.format(
        "p50 %.2f ms, p99 %.2f ms", times[count / 2], times[Math.min(count - 1, count * 99 / 100)]);
  }

  private static void fill(NftXtables xtables, int chunk) {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    for (int i = 0; i < SERVICES; i++) {
      chains.putAll(ScaleModel.chainsOf(i));
      if (chains.size() >= chunk) {
        xtables.commit(IPV4, NAT, XtablesChange.ofChains(chains)).join();
        chains = new LinkedHashMap<>();
      }
    }
    chains.putAll(ScaleModel.dispatch(SERVICES));
    xtables
        .commit(IPV4, NAT, new XtablesChange(chains, List.of(), ScaleModel.jumps(), List.of()))
        .join();
  }

  @Test
  void changesAreSmallBesideWhatThereIs() throws Exception {
    try (TestNamespace namespace = TestNamespace.create("xtables-scale");
        NftXtables xtables = namespace.call(NftXtables::open)) {
      double first = millis(() -> fill(xtables, 5_000));
      System.out.printf("TIMING first sync of %d services: %.0f ms%n", SERVICES, first);
      int[] round = {0};
      String change =
          percentiles(
              200,
              () -> {
                int other = 2 * (SERVICES / 2) + (round[0]++ & 1);
                xtables
                    .commit(
                        IPV4,
                        NAT,
                        XtablesChange.ofChains(
                            Map.of(
                                ScaleModel.serviceChain(7), ScaleModel.serviceRules(7, 14, other))))
                    .join();
              });
      System.out.println("TIMING one changed chain: " + change);
      String endpoint =
          percentiles(
              200,
              () ->
                  xtables
                      .commit(
                          IPV4,
                          NAT,
                          XtablesChange.ofChains(
                              Map.of(
                                  ScaleModel.endpointChain(14),
                                  ScaleModel.endpointRules(7, 14 + (round[0]++ & 1)))))
                      .join());
      System.out.println("TIMING one changed chain without a jump: " + endpoint);
      Path file = folder.resolve("change");
      Files.writeString(
          file,
          ScaleModel.restoreText(
              Map.of(ScaleModel.serviceChain(7), ScaleModel.serviceRules(7, 14, 15))));
      String rival =
          percentiles(
              10,
              () -> namespace.run("iptables-nft-restore", "--noflush", "-w", "5", file.toString()));
      System.out.println("TIMING the same change by iptables-nft-restore: " + rival);
      double read = millis(() -> xtables.read(IPV4, NAT));
      System.out.printf("TIMING reading all: %.0f ms%n", read);
      XtablesSnapshot snapshot = xtables.read(IPV4, NAT);
      assertThat(snapshot.chains()).hasSizeGreaterThan(3 * SERVICES);
      assertThat(snapshot.texts(ScaleModel.serviceChain(7)))
          .isEqualTo(
              ScaleModel.serviceRules(7, 14, 15).stream().map(rule -> rule.text(IPV4)).toList());
      System.out.printf("TIMING cleanup: %.0f ms%n", millis(xtables::cleanup));
      assertThat(namespace.run("nft", "list", "ruleset")).isEmpty();
    }
  }
}
