package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.testing.Seed;
import io.fairlead.iptables.DispatchTree.Entry;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tree that leads to a rule. */
class DispatchTreeTest {

  /** What was put, as a kernel would hold it. */
  private static final class Chains implements ChainSink {
    final Map<String, List<IptablesRule>> chains = new TreeMap<>();
    int touched;

    @Override
    public void put(String chain, List<IptablesRule> rules) {
      assertThat(chain.length()).isLessThanOrEqualTo(28);
      touched++;
      chains.put(chain, rules);
      rules.forEach(rule -> assertThat(target(rule)).as("leads to").matches(this::isKnown));
    }

    private boolean isKnown(String name) {
      return name.startsWith("hit ") || chains.containsKey(name);
    }

    @Override
    public void delete(String chain) {
      touched++;
      assertThat(chains.remove(chain)).as(chain).isNotNull();
    }
  }

  private static String target(IptablesRule rule) {
    return switch (rule.target()) {
      case Target.Jump(String name) -> name;
      case Target.GoTo(String name) -> name;
      case null, default -> throw new AssertionError(rule);
    };
  }

  enum Kind {
    V4,
    V6,
    NODE_PORTS
  }

  private static DispatchKey key(Kind kind, RandomGenerator random) {
    Protocol protocol = List.of(Protocol.values()).get(random.nextInt(3));
    // Few addresses have many ports, and some are close together.
    int host = random.nextInt(3) == 0 ? random.nextInt(4) : random.nextInt(1 << random.nextInt(17));
    int port = 1 + random.nextInt(random.nextBoolean() ? 65535 : 100);
    IpAddress address =
        switch (kind) {
          case V4 -> IpAddress.parse("10.96.0.0").plus(host);
          case V6 -> IpAddress.parse("fd00:96:1:2:3:4::").plus((long) host << random.nextInt(20));
          case NODE_PORTS -> null;
        };
    return address != null && random.nextInt(6) == 0
        ? new DispatchKey(address, null, 0)
        : new DispatchKey(address, protocol, port);
  }

  private static Entry entry(DispatchKey key) {
    return new Entry(
        key, Rules.rule(key.matches(new Match.Comment("x")), new Target.Jump("hit " + key)), null);
  }

  private static DispatchTree tree() {
    return new DispatchTree("ROOT", List.of(), List.of());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("After any history the chains are those of a fresh tree (services 41)")
  void incrementalEqualsFresh(Kind kind) {
    RandomGenerator random = Seed.generator("dispatch " + kind);
    DispatchTree tree = tree();
    Chains chains = new Chains();
    Map<DispatchKey, Entry> wanted = new HashMap<>();
    for (int round = 0; round < 60; round++) {
      boolean grows = round % 20 < 12;
      int steps = random.nextInt(round % 7 == 0 ? 600 : 20);
      List<DispatchKey> known = new ArrayList<>(wanted.keySet());
      for (int i = 0; i < steps; i++) {
        if (random.nextInt(10) < (grows ? 8 : 2) || known.isEmpty()) {
          Entry entry = entry(key(kind, random));
          wanted.put(entry.key(), entry);
          tree.put(entry);
        } else {
          DispatchKey gone = known.get(random.nextInt(known.size()));
          wanted.remove(gone);
          tree.remove(gone);
        }
      }
      tree.flush(chains);
      DispatchTree fresh = tree();
      wanted.values().forEach(fresh::put);
      Chains expected = new Chains();
      fresh.flush(expected);
      assertThat(chains.chains).isEqualTo(expected.chains);
      assertThat(tree.size()).isEqualTo(wanted.size());
      int before = chains.touched;
      tree.flush(chains);
      assertThat(chains.touched).as("nothing changed since").isEqualTo(before);
    }
    List.copyOf(wanted.keySet()).forEach(tree::remove);
    tree.flush(chains);
    assertThat(chains.chains).containsOnlyKeys("ROOT");
  }

  @ParameterizedTest
  @EnumSource
  void lookupsReachTheRightRuleOnAShortWay(Kind kind) {
    RandomGenerator random = Seed.generator("lookups " + kind);
    DispatchTree tree = tree();
    Map<DispatchKey, Entry> wanted = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      Entry entry = entry(key(kind, random));
      wanted.put(entry.key(), entry);
      tree.put(entry);
    }
    Chains chains = new Chains();
    tree.flush(chains);
    for (int i = 0; i < 2_000; i++) {
      DispatchKey packet = key(kind, random);
      if (packet.protocol() == null) {
        continue;
      }
      Entry exact = wanted.get(packet);
      Entry rest = wanted.get(new DispatchKey(packet.address(), null, 0));
      String expected =
          exact != null ? target(exact.rule()) : rest != null ? target(rest.rule()) : "";
      Lookup lookup = new Lookup(chains.chains, packet);
      assertThat(lookup.run()).as("%s", packet).isEqualTo(expected);
      // At most nine nodes with a way per digit, of which few are full.
      assertThat(lookup.passed).isLessThanOrEqualTo(120);
      assertThat(tree.entry(packet)).isEqualTo(exact);
    }
    chains
        .chains
        .values()
        .forEach(rules -> assertThat(rules.size()).isLessThanOrEqualTo(DispatchTree.LIMIT + 1));
  }

  /** Follows a packet to the first rule that is a leaf's. */
  private static final class Lookup {
    private final Map<String, List<IptablesRule>> chains;
    private final DispatchKey packet;
    private int passed;

    Lookup(Map<String, List<IptablesRule>> chains, DispatchKey packet) {
      this.chains = chains;
      this.packet = packet;
    }

    String run() {
      return walk("ROOT");
    }

    private String walk(String chain) {
      for (IptablesRule rule : chains.getOrDefault(chain, List.of())) {
        passed++;
        if (rule.matches().stream().allMatch(this::holds)) {
          String target = target(rule);
          boolean isGoTo = rule.target() instanceof Target.GoTo;
          String found = target.startsWith("hit ") ? target : walk(target);
          if (!found.isEmpty() || isGoTo) {
            return found;
          }
        }
      }
      return "";
    }

    private boolean holds(Match match) {
      return switch (match) {
        case Match.Destination(var cidr, _) ->
            packet.address() != null && cidr.contains(packet.address());
        case Match.ProtocolIs(Protocol protocol) -> protocol == packet.protocol();
        case Match.DestinationPort(int port) -> port == packet.port();
        case Match.DestinationPorts(int first, int last) ->
            packet.port() >= first && packet.port() <= last;
        default -> true;
      };
    }
  }

  @Test
  void nodesAreNamedByWhatTheyHold() {
    DispatchTree tree = tree();
    for (int i = 0; i < 40; i++) {
      tree.put(entry(new DispatchKey(IpAddress.parse("10.96.16.0").plus(i), Protocol.TCP, 80)));
      tree.put(entry(new DispatchKey(IpAddress.parse("fd00:96::1:0").plus(i), Protocol.TCP, 80)));
      tree.put(entry(new DispatchKey(IpAddress.parse("10.97.0.1"), Protocol.TCP, 80 + i)));
    }
    Chains chains = new Chains();
    tree.flush(chains);
    assertThat(chains.chains.keySet())
        .contains(
            "FAIRLEAD-10.96.16.0/24",
            "FAIRLEAD-10.96.16.0/28",
            "FAIRLEAD-10.96.16.32/28",
            "FAIRLEAD-fd00-96--1-0/120",
            "FAIRLEAD-fd00-96--1-10/124")
        .anyMatch(name -> name.matches("FAIRLEAD-VIP-[A-Z2-7]{15}"));
    DispatchTree ports = tree();
    for (int port = 30_000; port < 30_040; port++) {
      ports.put(entry(new DispatchKey(null, Protocol.SCTP, port)));
    }
    Chains portChains = new Chains();
    ports.flush(portChains);
    assertThat(portChains.chains.keySet()).contains("FAIRLEAD-NP-SCTP-30000-30015");
    assertThat(String.valueOf(portChains.chains.get("ROOT"))).contains("-p sctp");
  }

  @Test
  void lookupsAmongTenThousandPassFewRules() {
    DispatchTree tree = tree();
    for (int i = 0; i < 10_000; i++) {
      tree.put(entry(new DispatchKey(IpAddress.parse("10.96.0.0").plus(i), Protocol.TCP, 80)));
    }
    Chains chains = new Chains();
    tree.flush(chains);
    long passed = 0;
    for (int i = 0; i < 10_000; i++) {
      Lookup lookup =
          new Lookup(
              chains.chains,
              new DispatchKey(IpAddress.parse("10.96.0.0").plus(i), Protocol.TCP, 80));
      assertThat(lookup.run()).isNotEmpty();
      passed += lookup.passed;
    }
    assertThat(passed / 10_000).isLessThan(32);
  }
}
