package io.fairlead.bench.start;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.ProgramOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Lets an agent do everything once that it does on a node, then ends it as a DaemonSet's update
 * does: what scripts/train-cache has the JVM record. The options for recording come in
 * FAIRLEAD_JAVA_OPTIONS. Exits with 1 and a sentence on standard error if anything fails.
 */
public final class TrainMain {

  private static final int SERVICES = 20;
  private static final int PODS = 10;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private TrainMain() {}

  /**
   * Runs it.
   *
   * @param arguments the source: "manifests" or "api"
   */
  @SuppressWarnings("SystemOut") // Its output is for a person.
  public static void main(String[] arguments) throws InterruptedException {
    try {
      Source source = Source.named(arguments.length == 0 ? "api" : arguments[0]);
      Distribution distribution = Distribution.required();
      try (StartNode made = StartNode.create(source, distribution, SERVICES)) {
        made.publish();
        exercise(made, distribution.launcher());
      }
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("the training run failed: " + e.getMessage());
      System.exit(1);
    }
    System.exit(0);
  }

  private static void exercise(StartNode made, Path launcher)
      throws IOException, InterruptedException {
    Node node = made.node();
    node.startAgent();
    node.waitReady();
    for (int i = 0; i < PODS; i++) {
      made.addPod("pod-" + i).delete();
    }
    String gone = made.changeEndpoints();
    Await.until(
        "the change of endpoints has arrived",
        LIMIT,
        () -> !node.namespace().run("nft", "list", "ruleset").contains(gone + " "));
    askStatus(node, launcher);
    node.stopAgent();
  }

  private static void askStatus(Node node, Path launcher) throws IOException, InterruptedException {
    // The options for recording are the agent's alone.
    String[] command = {
      "env",
      "-u",
      "FAIRLEAD_JAVA_OPTIONS",
      launcher.toString(),
      "status",
      "--admin-socket",
      node.adminSocket().toString()
    };
    ProgramOutput status = node.namespace().tryRun(command);
    if (status.exit() != 0) {
      throw new IOException("fairlead status: " + status.out() + status.error());
    }
  }
}
