package io.fairlead.bench.kubeproxy;

import io.fairlead.bench.cli.MeasuringCommand;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link KubeProxyBench}. */
@Command(
    name = "kube-proxy",
    description = {
      "kube-proxy itself beside fairlead, in the same modes, over the same API server.",
      "docs/benchmark-kube-proxy.md says how to get the binary and what it is told."
    },
    mixinStandardHelpOptions = true)
public final class KubeProxyCommand extends MeasuringCommand {

  private static final String DEFAULT_PERIOD = "default";

  @Option(
      names = "--kube-proxy",
      paramLabel = "PATH",
      required = true,
      description = "kube-proxy's binary.")
  private Path binary = Path.of("");

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "An API server; a namespace is made there and removed. Without it, a double is started.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      description = "With --kubeconfig: the Node that contenders take for their own (the first).")
  private @Nullable String node;

  @Option(
      names = "--modes",
      paramLabel = "MODE",
      split = ",",
      defaultValue = "nftables,iptables,iptables-legacy,ipvs",
      description = "Some of ${DEFAULT-VALUE}.")
  private List<String> modes = List.of();

  @Option(
      names = "--min-sync-periods",
      paramLabel = "DURATION",
      split = ",",
      defaultValue = "default,1ms",
      description =
          "kube-proxy is a contender once for each; \"default\" leaves its own (${DEFAULT-VALUE}).")
  private List<String> periods = List.of();

  @Option(
      names = "--services",
      paramLabel = "N",
      split = ",",
      defaultValue = "1000",
      description = "Services; each number is measured by itself (${DEFAULT-VALUE}).")
  private List<Integer> services = List.of();

  @Option(
      names = "--endpoints",
      paramLabel = "N",
      defaultValue = "2",
      description = "Endpoints of each Service, 1 to 100 (${DEFAULT-VALUE}).")
  private int endpoints;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "30",
      description = "Changes of a Service's endpoint in each round (${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "2",
      description = "How often each contender is started (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--pause",
      paramLabel = "MILLISECONDS",
      defaultValue = "100",
      description = "Between a change's end and the next change (${DEFAULT-VALUE}).")
  private long pauseMillis;

  @Option(
      names = "--ready-limit",
      paramLabel = "SECONDS",
      defaultValue = "900",
      description = "How long a first sync may take (${DEFAULT-VALUE}).")
  private long readySeconds;

  @Override
  protected void measure(Samples samples, Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    if (changes < 1 || rounds < 1 || pauseMillis < 0 || readySeconds < 1 || endpoints < 1) {
      throw new IllegalArgumentException(
          "--changes, --rounds, --endpoints and --ready-limit are 1 at least, --pause 0");
    }
    if (!Files.isExecutable(binary)) {
      throw new IllegalArgumentException(
          "there is no program " + binary + "; --kube-proxy names kube-proxy's binary");
    }
    List<ProxyContender> contenders = contenders(environment, progress);
    List<ProxyRun.Plan> plans = new ArrayList<>();
    for (int count : services) {
      ProxyCluster cluster = new ProxyCluster(count, endpoints);
      plans.add(new ProxyRun.Plan(cluster, changes, pauseMillis, Duration.ofSeconds(readySeconds)));
    }
    environment.put("kube-proxy", version(binary.toAbsolutePath().toString(), "--version"));
    environment.put("nft", version("nft", "--version"));
    environment.put("iptables", version("iptables-nft", "--version"));
    Path file = kubeconfig;
    try (ApiCluster api = file == null ? ApiCluster.ofDouble() : ApiCluster.of(file, node)) {
      environment.put("api server", file == null ? "the double" : "a real one");
      KubeProxyBench bench = new KubeProxyBench(api, rounds, progress, samples);
      for (ProxyRun.Plan plan : plans) {
        bench.run(plan, contenders, environment);
      }
    }
    if (samples.cells().isEmpty()) {
      throw new IOException("all contenders failed, as said above");
    }
  }

  private List<ProxyContender> contenders(Map<String, String> environment, ProgressLines progress)
      throws IOException, InterruptedException {
    List<ProxyContender> contenders = new ArrayList<>();
    for (String title : modes) {
      ProxyMode mode = ProxyMode.named(title);
      String missing = mode.missing();
      if (missing != null) {
        progress.say("left out: " + title + ": " + missing);
        environment.put("left out: " + title, missing);
        continue;
      }
      contenders.add(new FairleadProxy(mode, Distribution.required()));
      for (String period : periods) {
        if (!period.equals(DEFAULT_PERIOD) && !period.matches("\\d+(\\.\\d+)?(ms|s|m)")) {
          throw new IllegalArgumentException(
              "--min-sync-periods takes \"default\" and durations such as 1ms or 10s, not \""
                  + period
                  + "\"");
        }
        String given = period.equals(DEFAULT_PERIOD) ? "" : period;
        contenders.add(new KubeProxy(mode, binary, given, kubeconfig != null));
      }
    }
    return contenders;
  }

  /** The first line that a program says about itself. */
  private static String version(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException _) {
      return "not installed";
    }
    process.getOutputStream().close();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return "unknown";
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return said.lines().findFirst().orElse("unknown");
  }
}
