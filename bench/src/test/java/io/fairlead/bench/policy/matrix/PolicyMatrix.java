package io.fairlead.bench.policy.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.policy.matrix.PolicyCase.Step;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A node whose policies are compared, cell by cell, with what they mean. Not thread-safe. */
final class PolicyMatrix implements AutoCloseable {

  /** More failures of one kind tell nothing more. */
  private static final int TOLD = 8;

  /** No text of an operation contains it. */
  private static final String NOTHING = "\0";

  private final PodNetwork network;
  private final EnforcedCluster cluster;
  private final Probes probes;
  private final Map<AddressFamily, Matrix> matrices = new EnumMap<>(AddressFamily.class);
  private int steps;
  private long cells;
  private long committing;
  private long probing;

  private PolicyMatrix(PodNetwork network, EnforcedCluster cluster) {
    this.network = network;
    this.cluster = cluster;
    probes = new Probes(network.hosts());
    for (AddressFamily family : AddressFamily.values()) {
      matrices.put(family, Matrix.of(network, family));
    }
  }

  static PolicyMatrix open(NodeServices.Mode services) throws Exception {
    return open(services, NOTHING);
  }

  /** Over a kernel that refuses to add what contains a text. */
  static PolicyMatrix open(NodeServices.Mode services, String refused) throws Exception {
    PodNetwork network = PodNetwork.create();
    try {
      NodeServices.program(services, network);
      EnforcedCluster cluster = network.closeFirst(EnforcedCluster.open(network.node(), refused));
      PolicyMatrix matrix = new PolicyMatrix(network, cluster);
      matrix.warmUp();
      return matrix;
    } catch (Exception | Error e) {
      network.close();
      throw e;
    }
  }

  /** From then on all neighbours are known. Without policies everything must arrive. */
  private void warmUp() throws IOException {
    cluster.become(ClusterState.ofNinePods());
    for (Matrix matrix : matrices.values()) {
      BitSet all = new BitSet();
      all.set(0, matrix.probes().size());
      List<String> failures = new ArrayList<>();
      compare("the lab", matrix, all, failures);
      assertThat(failures).as("without policies everything arrives").isEmpty();
    }
  }

  PodNetwork network() {
    return network;
  }

  EnforcedCluster cluster() {
    return cluster;
  }

  /** Goes through the steps of a case; returns a sentence for each cell that is wrong. */
  List<String> check(PolicyCase story) throws IOException {
    List<String> failures = new ArrayList<>();
    ClusterState state = ClusterState.ofNinePods();
    for (Step step : story.steps()) {
      state = step.change().apply(state);
      long start = System.nanoTime();
      cluster.become(state);
      long committed = System.nanoTime();
      for (AddressFamily family : story.families()) {
        Matrix matrix = Objects.requireNonNull(matrices.get(family));
        String name = "\"" + story.name() + "\" after \"" + step.name() + "\"";
        int before = failures.size();
        compare(name, matrix, matrix.allowed(state), failures);
        if (failures.size() > before) {
          failures.add("of " + name + ": " + state.policies().values());
        }
      }
      steps++;
      committing += committed - start;
      probing += System.nanoTime() - committed;
    }
    return failures;
  }

  private void compare(String name, Matrix matrix, BitSet allowed, List<String> failures)
      throws IOException {
    Probes.Outcome outcome = probes.run(name, matrix.probes(), allowed);
    cells += matrix.probes().size();
    if (outcome.isRight()) {
      return;
    }
    PolicyEvaluator evaluator = new PolicyEvaluator(cluster.state());
    for (int index : outcome.wrong().stream().limit(TOLD).toList()) {
      Probe probe = matrix.probes().get(index);
      failures.add(
          "%s: %s %s, but %s"
              .formatted(
                  name,
                  probe,
                  allowed.get(index) ? "was lost" : "passed",
                  evaluator.evaluate(Matrix.flow(probe))));
    }
    if (outcome.wrong().size() > TOLD) {
      failures.add(name + ": " + outcome.wrong().size() + " cells in all");
    }
    failures.addAll(outcome.strays());
  }

  /** Compares all pods' packets of IPv4 with what is meant, whatever was committed. */
  List<String> compare(String name, ClusterState meant) throws IOException {
    Matrix matrix = Objects.requireNonNull(matrices.get(AddressFamily.IPV4));
    List<String> failures = new ArrayList<>();
    compare(name, matrix, matrix.allowed(meant), failures);
    return failures;
  }

  /** Lets all pods ask all at some ports by their addresses; a closed one answers, too. */
  List<String> checkPorts(AddressFamily family, Map<Protocol, List<Integer>> ports)
      throws IOException {
    Matrix asked = Matrix.ofPorts(network, family, ports);
    List<String> failures = new ArrayList<>();
    compare("ports " + ports, asked, asked.allowed(cluster.state()), failures);
    return failures;
  }

  /** Begins to measure anew. */
  void resetFigures() {
    steps = 0;
    cells = 0;
    committing = 0;
    probing = 0;
  }

  /** What came in the end although it was denied. */
  List<String> strays() throws IOException {
    probes.settle(TimeUnit.MILLISECONDS.toNanos(300));
    return probes.run("the end", List.of(), new BitSet()).strays();
  }

  /** "N steps, M cells, commits of A ms, probes of B ms, C sent again". */
  String figures() {
    return "%,d steps, %,d cells; on average %.1f ms to commit and %.1f ms to probe; %d sent again"
        .formatted(
            steps,
            cells,
            committing / 1e6 / Math.max(1, steps),
            probing / 1e6 / Math.max(1, steps),
            probes.repeated());
  }

  @Override
  public void close() throws IOException {
    network.close();
  }
}
