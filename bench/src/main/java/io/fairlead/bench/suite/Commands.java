package io.fairlead.bench.suite;

import io.fairlead.bench.suite.Measurement.Run;
import io.fairlead.bench.suite.Measurement.Where;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes command lines of lines of the table.
 *
 * @param launcher fairlead-bench
 * @param tree the source tree, which has the lab kernel
 * @param folder of the parts
 * @param kubeProxy the options that name a kube-proxy, or none
 * @param environment of this process, of which the lab kernel has to be told
 */
record Commands(
    Path launcher,
    Path tree,
    Path folder,
    List<String> kubeProxy,
    Map<String, String> environment) {

  /** The lab kernel's own time limit does not count its boot. */
  private static final int BOOT_SECONDS = 60;

  /** Dies with this process, however that ends. */
  private static final List<String> BOUND = List.of("setpriv", "--pdeathsig", "TERM");

  private static final List<String> PASSED =
      List.of("FAIRLEAD_JAVA", "FAIRLEAD_JAVA_OPTIONS", "FAIRLEAD_BENCH_JAVA_OPTIONS");

  Step step(Measurement measurement, Run run) {
    List<String> command = new ArrayList<>(BOUND);
    int limit = run.limitSeconds();
    if (measurement.where() == Where.LAB_KERNEL) {
      command.addAll(List.of(tree.resolve("scripts/lab-kernel").toString(), "run"));
      command.addAll(List.of("--time-limit", Integer.toString(limit)));
      if (!folder.startsWith(tree)) {
        command.addAll(List.of("--share", folder.toString()));
      }
      for (String name : PASSED) {
        String value = environment.get(name);
        if (value != null) {
          command.addAll(List.of("--env", name + "=" + value));
        }
      }
      limit += BOOT_SECONDS;
    }
    command.add(launcher.toString());
    command.addAll(run.arguments());
    if (measurement.where() == Where.WITH_KUBE_PROXY) {
      command.addAll(kubeProxy);
    }
    command.addAll(List.of("--json", folder.resolve(measurement.name() + ".json").toString()));
    return new Step(measurement, run, command, limit, folder);
  }
}
