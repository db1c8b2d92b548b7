package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Policies, labels and families by chance; the same for the same seed. */
final class RandomPolicies {

  private static final List<String> NAMESPACES =
      List.of(
          "",
          "ns=x",
          "ns=y",
          "ns!=z",
          "ns in (x,z)",
          "!team",
          "team=red",
          "team!=red",
          "ns,team",
          "ns notin (x,y)");
  private static final List<String> PODS =
      List.of(
          "",
          "pod=a",
          "pod=b",
          "pod!=c",
          "pod in (b,c)",
          "pod notin (a,c)",
          "tier",
          "!tier",
          "tier=front",
          "pod!=a,tier!=front");
  private static final List<String> CIDRS =
      List.of(
          "0.0.0.0/0",
          "10.244.1.0/24",
          "10.244.1.16/28",
          "10.244.1.32/28",
          "10.244.1.32/27",
          "10.244.1.48/31",
          "10.244.1.17/32",
          "10.244.1.34/32",
          "10.96.0.0/16",
          "::/0",
          "fd00:244:1::/64",
          "fd00:244:1::20/124",
          "fd00:244:1::31/128");
  private static final List<String> NAMED =
      List.of("serve-80-tcp", "serve-81-udp", "serve-80-sctp", "web", "feed", "nowhere");

  private final SplittableRandom random;

  private RandomPolicies(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A case of one step. */
  static PolicyCase ofSeed(long seed) {
    return new RandomPolicies(seed).story("seed " + seed);
  }

  private PolicyCase story(String name) {
    ClusterState state = ClusterState.ofNinePods();
    for (String namespace : PodNetwork.NAMESPACES) {
      if (chance(3)) {
        state = state.labelNamespace(namespace, "team", pick(List.of("red", "blue")));
      }
      for (String pod : PodNetwork.NAMES) {
        if (chance(3)) {
          state = state.labelPod(namespace, pod, "tier", pick(List.of("front", "back")));
        }
      }
    }
    int policies = 1 + random.nextInt(8);
    for (int i = 0; i < policies; i++) {
      state = state.with(policy("policy-" + i));
    }
    ClusterState wanted = state;
    return PolicyCase.named(name, "random").then("create", _ -> wanted).by(families());
  }

  /** Both now and then, since that takes twice as long. */
  private Set<AddressFamily> families() {
    return switch (random.nextInt(4)) {
      case 0 -> EnumSet.allOf(AddressFamily.class);
      case 1 -> EnumSet.of(AddressFamily.IPV6);
      default -> EnumSet.of(AddressFamily.IPV4);
    };
  }

  private boolean chance(int one) {
    return random.nextInt(one) == 0;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private NetworkPolicyRecord policy(String name) {
    int directions = random.nextInt(4);
    return Policies.both(
        pick(PodNetwork.NAMESPACES),
        name,
        pick(PODS),
        directions == 1 ? null : rules(),
        directions == 0 ? null : rules());
  }

  private List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      rules.add(new Rule(peers(), ports()));
    }
    return rules;
  }

  private @Nullable List<Peer> peers() {
    if (chance(5)) {
      return null;
    }
    List<Peer> peers = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      peers.add(
          switch (random.nextInt(4)) {
            case 0 -> Policies.pods(pick(PODS));
            case 1 -> Policies.namespaces(pick(NAMESPACES));
            case 2 -> Policies.pods(pick(NAMESPACES), pick(PODS));
            default -> block();
          });
    }
    return peers;
  }

  private Peer block() {
    String cidr = pick(CIDRS);
    List<String> except =
        CIDRS.stream()
            .filter(hole ->
                PodNetwork.cidrs(cidr).getFirst().contains(PodNetwork.cidrs(hole).getFirst()))
            .filter(hole -> !hole.equals(cidr))
            .filter(_ -> chance(4))
            .toList();
    return Policies.block(cidr, except.toArray(String[]::new));
  }

  private @Nullable List<Port> ports() {
    if (chance(3)) {
      return null;
    }
    List<Port> ports = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      Protocol protocol = pick(List.of(Protocol.values()));
      ports.add(
          switch (random.nextInt(4)) {
            case 0 -> Policies.port(protocol, 79 + random.nextInt(4));
            case 1 -> range(protocol);
            case 2 -> Policies.named(protocol, pick(NAMED));
            default -> Policies.every(protocol);
          });
    }
    return ports;
  }

  private Port range(Protocol protocol) {
    int first = 70 + random.nextInt(13);
    return Policies.range(protocol, first, first + random.nextInt(15));
  }
}
