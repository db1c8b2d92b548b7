package io.fairlead.bench.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps a lab with pods and a Service up until Ctrl-C, with scripts in target/lab that enter each
 * namespace. However it ends, nothing stays.
 */
public final class LabMain {

  private LabMain() {}

  /**
   * Runs until the JVM is told to end; exits with 1 and a sentence if the lab cannot be made.
   *
   * @param arguments as {@link LabArguments} reads them
   */
  @SuppressWarnings("SystemOut") // Its output is for a person.
  public static void main(String[] arguments) throws InterruptedException {
    Path scripts = Path.of(System.getProperty("fairlead.root", ""), "target", "lab");
    try {
      LabOptions options = LabArguments.parse(arguments);
      Distribution distribution = Distribution.required();
      try (SampleCluster cluster = new SampleCluster(Lab.create(options, distribution, scripts))) {
        cluster.lab().startAgents();
        cluster.attachPods();
        cluster.publishService();
        System.out.println(describe(cluster, distribution, scripts));
        new CountDownLatch(1).await();
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println("the lab failed: " + e.getMessage());
      System.exit(1);
    }
  }

  private static String describe(SampleCluster cluster, Distribution distribution, Path scripts)
      throws IOException {
    ShellHints hints = new ShellHints(scripts.toAbsolutePath());
    for (Node node : cluster.lab().nodes()) {
      hints.addNode(node, distribution);
    }
    for (Pod pod : cluster.pods()) {
      hints.addPod(pod);
    }
    hints.addNamespace(
        "the internet, as " + cluster.lab().outsideAddress(), cluster.lab().outside());
    hints.addNamespace("the bridge br0 between the nodes", cluster.lab().underlay());
    String service = cluster.service().getAddress().getHostAddress();
    return hints.text()
        + "\n\nmanifests    "
        + cluster.lab().manifests().folder()
        + " (change them and watch)\nservice web  "
        + service
        + " port 80, TCP and UDP, at pod-b and pod-d\n\ntry\n  cd "
        + scripts.toAbsolutePath()
        + "\n  ./pod-a bash -c 'exec 3<>/dev/tcp/"
        + service
        + "/80; echo hello >&3; head -1 <&3'\n  ./node-1 nft list ruleset\n"
        + "  ./node-2 ip route\n  ./node-1 fairlead why pod-a web:80\n  ./node-1 fairlead verify\n\nCtrl-C ends the lab and leaves nothing.";
  }
}
