package io.fairlead.bench.policy.matrix;

import static io.fairlead.bench.policy.matrix.Policies.at;
import static io.fairlead.bench.policy.matrix.Policies.block;
import static io.fairlead.bench.policy.matrix.Policies.ingress;
import static io.fairlead.bench.policy.matrix.Policies.named;
import static io.fairlead.bench.policy.matrix.Policies.pods;
import static io.fairlead.bench.policy.matrix.Policies.policy;
import static io.fairlead.bench.policy.matrix.Policies.tcp;
import static io.fairlead.bench.policy.matrix.Policies.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.testing.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Policies that are many, that change often, that are broken, or whose names are long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PolicyLimitsKernelTest {

  private static final int CYCLES = 10_000;
  private static final int REST = 1_000;
  private static final int MANY = 1_000;

  /** In a block of the policy that the kernel refuses. */
  private static final String REFUSED = "203.0.113.66";

  private PolicyMatrix matrix;

  @BeforeAll
  void open() throws Exception {
    matrix = PolicyMatrix.open(NodeServices.Mode.NFTABLES, REFUSED);
  }

  @AfterAll
  void close() throws IOException {
    matrix.close();
  }

  /** The table as nft prints it, without what was counted. */
  private String table() {
    return matrix
        .network()
        .node()
        .run("nft", "list", "table", "inet", "fairlead-policy")
        .replaceAll("packets \\d+ bytes \\d+", "");
  }

  @Test
  @DisplayName("10,000 changes leave nothing behind: policy 9, policy 12, faults 17")
  void churn() throws Exception {
    RandomGenerator random = Seed.generator("churn");
    EnforcedCluster cluster = matrix.cluster();
    cluster.become(ClusterState.ofNinePods());
    String before = table();
    ClusterState state = ClusterState.ofNinePods();
    for (int cycle = 1; cycle <= CYCLES; cycle++) {
      state = change(state, random);
      cluster.become(state);
      if (cycle % REST == 0) {
        ClusterState now = state;
        PolicyCase present = PolicyCase.named("cycle " + cycle).then("now", _ -> now);
        assertThat(matrix.check(present)).isEmpty();
        assertThat(cluster.policies().audit()).as("what an audit repairs").isEmpty();
        cluster.become(ClusterState.ofNinePods());
        assertThat(table()).as("after cycle %d", cycle).isEqualTo(before);
        cluster.become(state);
      }
    }
    cluster.become(ClusterState.ofNinePods());
    assertThat(table()).isEqualTo(before);
  }

  private static ClusterState change(ClusterState state, RandomGenerator random) {
    String namespace = PodNetwork.NAMESPACES.get(random.nextInt(3));
    String pod = PodNetwork.NAMES.get(random.nextInt(3));
    String[] values = {"front", "back", null};
    return switch (random.nextInt(8)) {
      case 0 -> state.labelPod(namespace, pod, "tier", values[random.nextInt(3)]);
      case 1 -> state.labelNamespace(namespace, "team", values[random.nextInt(3)]);
      case 2 -> state.recreatePod(namespace, pod, Map.of("pod", pod));
      case 3 -> state.withoutPod(new ObjectKey(namespace, pod)).with(state.pod(namespace, pod));
      case 4 -> withoutSome(state, random);
      default ->
          state.with(
              RandomPolicies.ofSeed(random.nextLong())
                  .steps()
                  .getFirst()
                  .change()
                  .apply(state)
                  .policies()
                  .values()
                  .iterator()
                  .next());
    };
  }

  private static ClusterState withoutSome(ClusterState state, RandomGenerator random) {
    ClusterState fewer = state;
    for (ObjectKey policy : state.policies().keySet()) {
      if (random.nextInt(3) == 0) {
        fewer = fewer.withoutPolicy(policy.namespace(), policy.name());
      }
    }
    return fewer;
  }

  @Test
  @DisplayName(
      "one policy of 1,000 that the kernel refuses denies its pods alone: policy 11, faults 14")
  void brokenPolicy() throws Exception {
    List<NetworkPolicyRecord> policies = many();
    ObjectKey broken = new ObjectKey("x", "broken");
    policies.add(
        MANY / 2, ingress("x", "broken", "pod=a", with(pods("")), with(block(REFUSED + "/32"))));
    ClusterState state = with(policies);
    EnforcedCluster cluster = matrix.cluster();
    cluster.become(state);
    assertThat(cluster.policies().problems()).containsOnlyKeys(broken);
    assertThat(cluster.policies().problems().get(broken)).contains(REFUSED);
    // Its rules allow nothing, not even those that could be made; to isolate it still does.
    ClusterState meant = state.with(ingress("x", "broken", "pod=a"));
    assertThat(matrix.compare("a broken one", meant)).isEmpty();
    cluster.become(meant);
    assertThat(cluster.policies().problems()).isEmpty();
    assertThat(matrix.compare("mended", meant)).isEmpty();
    cluster.become(ClusterState.ofNinePods());
  }

  @Test
  @DisplayName("1,000 policies of which parts were not understood: policy 11")
  void partsThatWereNotUnderstood() throws Exception {
    List<NetworkPolicyRecord> policies = many();
    policies.add(
        new NetworkPolicyRecord(
            new ObjectKey("y", "half"),
            Policies.selector("pod=b"),
            List.of(
                new NetworkPolicyRecord.Rule(List.of(), null),
                new NetworkPolicyRecord.Rule(null, List.of()),
                at(tcp(81))),
            null,
            List.of("spec.ingress[0].from[0] is not understood")));
    ClusterState state = with(policies);
    matrix.cluster().become(state);
    assertThat(matrix.compare("parts", state)).isEmpty();
    matrix.cluster().become(ClusterState.ofNinePods());
  }

  private static ClusterState with(List<NetworkPolicyRecord> policies) {
    return ClusterState.ofNinePods().with(policies.toArray(NetworkPolicyRecord[]::new));
  }

  /** Some for each pod; few that allow what is asked. */
  private static List<NetworkPolicyRecord> many() {
    List<NetworkPolicyRecord> policies = new ArrayList<>();
    for (int i = 0; i < MANY - 1; i++) {
      String namespace = PodNetwork.NAMESPACES.get(i % 3);
      String pod = PodNetwork.NAMES.get(i / 3 % 3);
      PolicyDirection direction = i % 2 == 0 ? PolicyDirection.INGRESS : PolicyDirection.EGRESS;
      policies.add(
          policy(
              direction,
              namespace,
              "policy-" + i,
              "pod=" + pod,
              i < 40
                  ? Policies.rule(List.of(pods("ns!=" + namespace, "pod!=" + pod)), tcp(80))
                  : Policies.rule(List.of(block("198.51.100." + i % 250 + "/32")), tcp(80)),
              at(named(Protocol.UDP, i == 50 ? "feed" : "nowhere-" + i % 7))));
    }
    return policies;
  }

  @Test
  @DisplayName(
      "names at their longest, and with control characters: policy 10, faults 15, faults 16")
  void longNames() throws Exception {
    String label = "prefix.example/" + "k".repeat(63);
    String name = ("n".repeat(60) + ".").repeat(4) + "n".repeat(9);
    assertThat(name).hasSize(253);
    ClusterState state =
        ClusterState.ofNinePods()
            .labelPod("x", "a", label, "v".repeat(63))
            .labelPod("y", "b", label, "v".repeat(63))
            .with(
                ingress("x", name, label, with(pods("", label + "=" + "v".repeat(63)))),
                ingress("x", name.substring(1) + "o", label, at(named(Protocol.TCP, "web"))),
                ingress("z", "line\nbreak\t\"quoted\" \u0000 \u20ac" + name, "pod=c"),
                Policies.egress("z", name, "pod=a", with(pods(label))));
    matrix.cluster().become(state);
    assertThat(matrix.cluster().policies().problems()).isEmpty();
    assertThat(matrix.compare("long names", state)).isEmpty();
    assertThat(matrix.cluster().policies().audit()).isEmpty();
    matrix.cluster().become(ClusterState.ofNinePods());
  }
}
