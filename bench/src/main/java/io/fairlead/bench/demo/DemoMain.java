package io.fairlead.bench.demo;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabArguments;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a sample cluster and runs every {@link Check} on it. The exit status is 0 if all hold, else
 * 1. Needs root, and touches nothing but namespaces of its own.
 */
public final class DemoMain {

  private final LabOptions options;
  private final Report report;

  private DemoMain(LabOptions options, Report report) {
    this.options = options;
    this.report = report;
  }

  /** Takes what {@link LabArguments} reads; a wrong argument exits with 2 and a sentence. */
  @SuppressWarnings("SystemOut") // Its output is for a person.
  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    boolean terminal = isTerminal() && System.getenv("NO_COLOR") == null;
    try {
      LabOptions options = LabArguments.parse(arguments);
      Report report = new Report(out, terminal);
      out.println(
          "fairlead demo: two nodes, two agents, four pods, one Service by "
              + options.proxyMode()
              + "\n");
      new DemoMain(options, report).run();
      System.exit(report.finish());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  /** Whether standard output is one; System.console() would ask about standard input too. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  private void run() throws InterruptedException {
    List<Lab> made = new ArrayList<>(1);
    try {
      if (report.run("lab of two nodes and an outside", () -> describe(made))) {
        runOn(new SampleCluster(made.getFirst()));
      }
    } finally {
      made.forEach(Lab::close);
    }
  }

  private String describe(List<Lab> made) throws IOException, InterruptedException {
    Lab lab = Lab.create(options, Distribution.required());
    made.add(lab);
    return lab.nodes().stream()
        .map(node -> node.name() + " " + node.address() + " pods " + node.podCidrs().getFirst())
        .collect(Collectors.joining(", "));
  }

  private void runOn(SampleCluster cluster) throws InterruptedException {
    boolean complete =
        report.run("agents ready, NET_ADMIN their only capability", () -> start(cluster.lab()))
            && report.run("pods attached by CNI ADD", () -> attach(cluster));
    if (complete) {
      for (Check check : Checks.all()) {
        report.run(check.title(), () -> check.run(cluster));
      }
    }
  }

  private static String start(Lab lab) throws IOException, InterruptedException {
    lab.startAgents();
    List<String> seen = new ArrayList<>();
    for (Node node : lab.nodes()) {
      seen.add(
          "%s ready after %s, %d MiB resident"
              .formatted(
                  node.name(),
                  Times.text(node.agent().startTime()),
                  node.agent().residentBytes() >> 20));
    }
    return String.join(", ", seen);
  }

  private static String attach(SampleCluster cluster) throws IOException, InterruptedException {
    cluster.attachPods();
    cluster.publishService();
    return cluster.pods().stream()
        .map(pod ->
            pod.name()
                + " "
                + pod.address().getHostAddress()
                + " in "
                + Times.text(pod.attachTime()))
        .collect(Collectors.joining(", "));
  }
}
