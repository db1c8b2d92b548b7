package io.fairlead.bench.report;

import io.fairlead.bench.result.Results;
import io.fairlead.bench.result.Samples;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Results as a whole run has them, of all figures, with made-up samples. */
public final class SampleResults {

  private SampleResults() {}

  public static Results make(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Samples samples = new Samples();
    for (String contender :
        List.of("fairlead nftables", "kube-proxy's rules, nft", "floor: one map element")) {
      double median = contender.startsWith("kube") ? 400 : contender.startsWith("floor") ? 0.1 : 1;
      for (String change :
          List.of("endpoint replaced", "Service <added> & \"named\"", "steady 100/s")) {
        for (int services : new int[] {100, 10_000}) {
          Map<String, String> parameters = new TreeMap<>();
          parameters.put("contender", contender);
          parameters.put("change", change);
          parameters.put("services", Integer.toString(services));
          for (String name : List.of("rule-update", "event-to-kernel")) {
            add(samples, name, parameters, "ms", 40, median, random);
          }
        }
      }
    }
    for (String name :
        List.of("cni-add", "overlay-join", "restart", "policy-update", "unheard-of")) {
      add(samples, name, Map.of("contender", "fairlead"), "ms", 5, 3, random);
    }
    add(samples, "memory", Map.of("contender", "fairlead", "what", "heap"), "MB", 1, 50, random);
    add(samples, "throughput", Map.of("contender", "fairlead"), "Gbit/s", 5, 16, random);
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("kernel", "6.18");
    environment.put("overlay: command", "overlay --nodes 3");
    environment.put("overlay: seed", "7");
    environment.put("datapath: failed", "exit code 1: there is no <iperf3>");
    return new Results(environment, samples.cells());
  }

  private static void add(
      Samples samples,
      String name,
      Map<String, String> parameters,
      String unit,
      int count,
      double median,
      SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      samples.add(name, parameters, unit, median * random.nextDouble(0.5, 2));
    }
  }
}
