package io.fairlead.bench.policy.matrix;

import static io.fairlead.bench.policy.matrix.Policies.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.testing.Seed;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What the kernel does to every packet of nine pods is what policies mean, whatever Services go
 * through: policy 6, faults 31. A subclass per Service backend.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PolicyMatrixBehaviour {

  /** A broken lab would fail everything; so many sentences are enough to see it. */
  private static final int ENOUGH = 60;

  private @Nullable PolicyMatrix matrix;

  /** How many random sets of policies are tried. */
  protected abstract int randomSets();

  /** Of how many cases of the catalogue one is tried; 1 on a kernel that is fast enough for all. */
  protected int catalogueStep() {
    return 1;
  }

  /** To be called before all tests. */
  final void open(NodeServices.Mode services) throws Exception {
    matrix = PolicyMatrix.open(services);
  }

  @AfterAll
  void close() throws IOException {
    if (matrix != null) {
      matrix.close();
    }
  }

  final PolicyMatrix matrix() {
    return Objects.requireNonNull(matrix);
  }

  private void check(String what, List<PolicyCase> cases) throws IOException {
    long start = System.nanoTime();
    List<String> failures = new ArrayList<>();
    matrix().resetFigures();
    for (PolicyCase story : cases) {
      failures.addAll(matrix().check(story));
      if (failures.size() > ENOUGH) {
        break;
      }
    }
    failures.addAll(matrix().strays());
    System.out.printf(
        "%s: %s: %d cases in %.1f s: %s%n",
        getClass().getSimpleName(),
        what,
        cases.size(),
        (System.nanoTime() - start) / 1e9,
        matrix().figures());
    assertThat(failures).isEmpty();
  }

  @Test
  @DisplayName("the catalogue: policy 5, policy 6, policy 13, faults 26, faults 31, faults 33")
  void catalogue() throws IOException {
    List<PolicyCase> cases = Catalogue.all();
    System.out.println("cases by tag: " + Catalogue.counts(cases));
    check("catalogue", every(catalogueStep(), cases));
  }

  private static List<PolicyCase> every(int step, List<PolicyCase> cases) {
    return IntStream.range(0, cases.size())
        .filter(index -> index % step == 0)
        .mapToObj(cases::get)
        .toList();
  }

  @Test
  @DisplayName("the situations of the upstream suite")
  void upstream() throws IOException {
    check("upstream", UpstreamCases.all());
  }

  @Test
  @DisplayName("policies by chance, each set from a seed of its own")
  void random() throws IOException {
    RandomGenerator seeds = Seed.generator(getClass().getSimpleName());
    List<PolicyCase> cases = new ArrayList<>();
    for (int i = 0; i < randomSets(); i++) {
      cases.add(RandomPolicies.ofSeed(seeds.nextLong()));
    }
    System.out.println(
        cases.size() + " sets, \"" + cases.getFirst().name() + "\" to \"" + cases.getLast().name());
    check("random", cases);
  }

  @Test
  @DisplayName("IPv6 alone isolates as IPv4 does")
  void dualStack() throws IOException {
    List<PolicyCase> all = new ArrayList<>(UpstreamCases.all());
    all.addAll(ChangeCases.all());
    all.addAll(PortCases.all());
    check(
        "IPv6",
        every(3, all).stream().map(story -> story.by(EnumSet.of(AddressFamily.IPV6))).toList());
  }

  @Test
  @DisplayName("ranges of ports: the one before, the first, the last, the one behind")
  void endPort() throws IOException {
    List<Rule> rules =
        List.of(
            at(range(Protocol.TCP, 1000, 2000), range(Protocol.UDP, 1000, 1000)),
            at(range(Protocol.SCTP, 1000, 65_535), range(Protocol.TCP, 2002, 2003)));
    for (PolicyDirection direction : PolicyDirection.values()) {
      NetworkPolicyRecord ranges =
          policy(direction, "x", "ranges", "pod=a", rules.toArray(Rule[]::new));
      for (AddressFamily family : AddressFamily.values()) {
        matrix().cluster().become(ClusterState.ofNinePods().with(ranges));
        List<String> failures =
            matrix()
                .checkPorts(
                    family,
                    Map.of(
                        Protocol.TCP, List.of(999, 1000, 2000, 2001, 2002, 2003, 2004),
                        Protocol.UDP, List.of(999, 1000, 1001),
                        Protocol.SCTP, List.of(999, 1000, 65_534, 65_535)));
        assertThat(failures).isEmpty();
      }
    }
  }

  @Test
  @DisplayName(
      "nodes and pods of the host network: policy 6, policy 7, policy 13, faults 31, faults 32, faults 33")
  void hosts() throws Exception {
    HostMatrix hosts = HostMatrix.open(matrix().network());
    ClusterState cluster = HostMatrix.cluster();
    List<String> failures = new ArrayList<>();
    hosts(hosts, "no policy", cluster, _ -> true, failures);
    hosts(
        hosts,
        "ingress denied",
        cluster.with(ingress("x", "deny", "")),
        probe -> !isToX(probe) || hosts.isOwnNode(probe.source()),
        failures);
    hosts(
        hosts,
        "ingress from the other node's address",
        cluster.with(ingress("x", "node", "", with(block("192.0.2.2/32")))),
        probe ->
            !isToX(probe)
                || hosts.isOwnNode(probe.source())
                || (hosts.isOtherNode(probe.source()) && probe.family() == AddressFamily.IPV4),
        failures);
    hosts(
        hosts,
        "ingress from this node's address, which clients of Services are masqueraded with",
        cluster.with(ingress("x", "node", "", with(block("192.0.2.1/32")))),
        probe -> !isToX(probe) || hosts.isOwnNode(probe.source()),
        failures);
    hosts(
        hosts,
        "ingress from all pods",
        cluster.with(ingress("x", "pods", "", with(namespaces("")))),
        probe -> !isToX(probe) || !hosts.isOtherNode(probe.source()),
        failures);
    hosts(
        hosts,
        "ingress from pods of the host network",
        cluster.with(ingress("x", "pods", "", with(pods("", "role=host")))),
        probe -> !isToX(probe) || hosts.isOwnNode(probe.source()),
        failures);
    hosts(
        hosts,
        "egress denied",
        cluster.with(egress("x", "deny", "")),
        probe -> !isFromX(probe),
        failures);
    hosts(
        hosts,
        "egress to pods of the host network",
        cluster.with(egress("x", "pods", "", with(pods("", "role=host")))),
        probe -> !isFromX(probe),
        failures);
    hosts(
        hosts,
        "egress to all pods",
        cluster.with(egress("x", "pods", "", with(namespaces("")))),
        probe -> !isFromX(probe) || hosts.isRemotePod(probe.destination()),
        failures);
    hosts(
        hosts,
        "egress to the other node's address",
        cluster.with(egress("x", "node", "", with(block("192.0.2.2/32")))),
        probe ->
            !isFromX(probe)
                || (hosts.isOtherNode(probe.destination()) && probe.family() == AddressFamily.IPV4),
        failures);
    hosts(
        hosts,
        "egress to this node's addresses at one port",
        cluster.with(
            egress("x", "node", "", rule(List.of(block("0.0.0.0/0", "192.0.2.2/32")), tcp(80)))),
        probe -> isFromX(probe) ? null : Boolean.TRUE,
        failures);
    matrix().cluster().become(ClusterState.ofNinePods());
    assertThat(failures).isEmpty();
  }

  private void hosts(
      HostMatrix hosts,
      String name,
      ClusterState state,
      HostMatrix.Truth truth,
      List<String> failures)
      throws IOException {
    matrix().cluster().become(state);
    failures.addAll(hosts.check(name, state, truth));
  }

  private static boolean isToX(Probe probe) {
    return probe.destination().name().startsWith("x/");
  }

  private static boolean isFromX(Probe probe) {
    return probe.source().name().startsWith("x/");
  }

  @Test
  @DisplayName("what is connected stays connected, whatever becomes of other policies: faults 3")
  void connections() throws Exception {
    ObjectKey client = new ObjectKey("x", "a");
    ObjectKey server = new ObjectKey("y", "b");
    ServerSocket listener = matrix().network().listener(server, 80);
    for (AddressFamily family : AddressFamily.values()) {
      for (IpAddress target :
          List.of(PodNetwork.address(server, family), PodNetwork.serviceAddress(server, family))) {
        ClusterState state =
            ClusterState.ofNinePods()
                .with(
                    egress("x", "client", "pod=a", rule(List.of(namespaces("ns=y")), tcp(80))),
                    ingress("y", "server", "pod=b", with(namespaces("ns=x"))));
        matrix().cluster().become(state);
        try (Connection connection =
            Connection.open(matrix().network().namespace(client), target, 80, listener)) {
          connection.exchange();
          for (UnaryOperator<ClusterState> change : unrelatedChanges()) {
            state = change.apply(state);
            matrix().cluster().become(state);
            connection.exchange();
          }
        }
      }
    }
    matrix().cluster().become(ClusterState.ofNinePods());
  }

  /** None of them forbids x/a to begin what it has with y/b; some forbid the answers to begin. */
  private static List<UnaryOperator<ClusterState>> unrelatedChanges() {
    return List.of(
        state -> state.with(ingress("z", "elsewhere", "")),
        state -> state.with(ingress("x", "nobody-begins-to-ask-the-client", "")),
        state -> state.with(egress("y", "the-server-begins-nothing", "")),
        state -> state.with(ingress("y", "server", "pod=b", with(pods("ns=x", "pod=a")))),
        state -> state.labelPod("x", "b", "tier", "front"),
        state -> state.labelPod("x", "a", "tier", "front"),
        state -> state.labelNamespace("x", "team", "red"),
        state -> state.recreatePod("z", "a", Map.of("pod", "a")),
        state -> state.withoutPolicy("z", "elsewhere"));
  }
}
