package io.fairlead.bench.chaos.cluster;

import io.fairlead.agent.cli.AdminClient;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.VerifyReport;
import io.fairlead.bench.api.ApiResource;
import io.fairlead.bench.lab.ClusterYaml;
import io.fairlead.bench.lab.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;

/** Asks agents whether they follow the API server, and their kernels follow them. */
public final class Inspection {

  private final ChaosCluster cluster;
  private int beacons;

  public Inspection(ChaosCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * A Service that was created last, in place of the one before.
   *
   * @param name of the Service
   */
  public record Beacon(String name) {}

  /** Changes something that every agent has to learn of. */
  public Beacon light() throws IOException {
    cluster.delete(ApiResource.SERVICES, "beacon-" + beacons);
    beacons++;
    Beacon beacon = new Beacon("beacon-" + beacons);
    cluster.apply(
        ClusterYaml.service(
            beacon.name(), "10.96." + (8 + beacons / 250) + "." + (1 + beacons % 250), 80, 80));
    return beacon;
  }

  /** What is not yet as it should be, as a sentence; empty if all is. */
  public String trouble(Node node, Beacon beacon) throws IOException, InterruptedException {
    if (!node.isReady()) {
      return "the agent of " + node.name() + " is not ready";
    }
    try {
      if (!ask(node, "/services").contains('"' + beacon.name() + '"')) {
        return "the agent of " + node.name() + " does not know the newest Service";
      }
      VerifyReport report = Json.parse(ask(node, "/verify"), VerifyReport.class);
      if (report.hasDrift() || report.hasProblems()) {
        return "in the kernel of " + node.name() + " something differs: " + differences(report);
      }
      return "";
    } catch (IOException e) {
      return "the agent of " + node.name() + " does not answer: " + e.getMessage();
    }
  }

  private static String ask(Node node, String path) throws IOException {
    AdminClient.Answer answer = AdminClient.ask(node.adminSocket(), "GET", path, "", true);
    if (answer.status() != 200) {
      throw new IOException(path + " is answered with " + answer.status() + ": " + answer.body());
    }
    return answer.body();
  }

  private static String differences(VerifyReport report) {
    return report.subsystems().stream()
        .filter(part -> !part.differences().isEmpty() || !part.problem().isEmpty())
        .map(part ->
            part.subsystem()
                + " "
                + part.problem()
                + part.differences().stream()
                    .limit(3)
                    .map(Object::toString)
                    .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }

  /** What an agent's process has open and uses. */
  public record Usage(int descriptors, int threads, long residentBytes) {}

  /** Of an agent that runs. */
  public static Usage usage(Node node) throws IOException {
    return new Usage(
        node.agent().descriptors(), node.agent().threads(), node.agent().residentBytes());
  }

  /** The end of an agent's log. */
  public static String logTail(Node node) throws IOException {
    return Files.exists(node.log()) ? node.agent().logTail() : "";
  }
}
