package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections are spread evenly. */
class EndpointChainsTest {

  private static final PortId ID =
      new PortId(Sample.named("web").key, "", Protocol.TCP, AddressFamily.IPV4);

  private static List<EndpointAddress> endpoints(int count) {
    List<EndpointAddress> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(new EndpointAddress(IpAddress.parse("10.128.0.0").plus(i), 8080));
    }
    return endpoints;
  }

  private static Map<String, List<IptablesRule>> chains(
      List<EndpointAddress> endpoints, int affinity) {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    EndpointChains spread = new EndpointChains(ID, affinity, new ClientMarks(1, List.of()));
    spread.endpoints(endpoints, chains);
    chains.put("SVC", spread.choice("cluster", endpoints, chains));
    return chains;
  }

  private static void shares(
      Map<String, List<IptablesRule>> chains,
      String chain,
      double whole,
      Map<String, Double> into) {
    double left = whole;
    for (IptablesRule rule : chains.getOrDefault(chain, List.of())) {
      double part = left;
      for (Match match : rule.matches()) {
        if (match instanceof Match.RandomShare(long share)) {
          part = left * share / Match.RandomShare.ALL;
        }
      }
      switch (rule.target()) {
        case Target.Jump(String next) when next.startsWith("FAIRLEAD-SEP-") -> into.put(next, part);
        case Target.Jump(String next) -> shares(chains, next, part, into);
        case null, default -> throw new AssertionError(rule);
      }
      left -= part;
    }
    assertThat(left).as("what leaves " + chain).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 65, 1_000, 20_000})
  void everyEndpointHasTheSameShare(int count) {
    Map<String, Double> shares = new TreeMap<>();
    shares(chains(endpoints(count), 0), "SVC", 1, shares);
    assertThat(shares).hasSize(count);
    shares.values().forEach(share -> assertThat(share * count).isCloseTo(1, within(count / 1e8)));
  }

  @Test
  void probabilitiesAreThoseOfKubeProxy() {
    assertThat(rules(chains(endpoints(4), 0), "SVC").toString())
        .containsSubsequence(
            "--probability 0.25000000000",
            "--probability 0.33333333349",
            "--probability 0.50000000000")
        .doesNotContain("--probability 1");
  }

  @Test
  void ofManyEndpointsOneChangesFewRules() {
    List<EndpointAddress> endpoints = endpoints(100_000);
    Map<String, List<IptablesRule>> before = chains(endpoints, 0);
    List<EndpointAddress> fewer = new ArrayList<>(endpoints);
    fewer.remove(54_321);
    Map<String, List<IptablesRule>> after = chains(fewer, 0);
    assertThat(before.size() - after.size()).isEqualTo(1);
    List<String> changed =
        after.keySet().stream()
            .filter(name -> !rules(after, name).equals(rules(before, name)))
            .toList();
    assertThat(changed).hasSizeLessThanOrEqualTo(6);
    assertThat(changed.stream().mapToInt(name -> rules(after, name).size()).sum()).isLessThan(200);
    before.values().forEach(rules -> assertThat(rules).hasSizeLessThanOrEqualTo(64));
  }

  private static List<IptablesRule> rules(Map<String, List<IptablesRule>> chains, String name) {
    return chains.getOrDefault(name, List.of());
  }

  @Test
  void aServiceWithAHundredThousandEndpointsIsCommitted() throws Exception {
    World world = new World();
    Sample sample = Sample.named("big").clusterIp("10.96.0.10");
    for (EndpointAddress endpoint : endpoints(100_000)) {
      sample.elsewhere(endpoint.address().toString());
    }
    world.update(sample);
    assertThat(world.commit()).isNotEmpty();
    assertThat(world.restarted(World.SETTINGS).commit()).isEmpty();
    sample.elsewhere("10.200.0.1");
    world.update(sample);
    assertThat(world.commit()).hasSizeBetween(3, 7);
  }
}
