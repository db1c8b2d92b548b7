package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.kernel.XtablesChange;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What differs in iptables, over an imitation of it. */
class ComparisonTest {

  private final World world = new World();

  @BeforeEach
  void make() throws Exception {
    world.update(Sample.named("web").clusterIp("10.96.0.10", "fd00:96::a").here("10.244.1.2"));
    world.update(Sample.named("empty").clusterIp("10.96.0.11"));
    world.commit();
  }

  private Comparison compare() throws Exception {
    String before = world.save();
    Comparison result = IptablesServices.compare(world.kernel, world.claims, World.SETTINGS);
    assertThat(world.save()).isEqualTo(before);
    return result;
  }

  private String someChain() {
    return world.kernel.chains(AddressFamily.IPV4, IptablesTable.NAT).entrySet().stream()
        .filter(chain -> chain.getValue().size() > 1)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void rightChainsAreClean() throws Exception {
    Comparison result = compare();
    assertThat(result.differences()).isEmpty();
    assertThat(result.right().get("chains")).isGreaterThan(3);
    assertThat(result.right().get("rules")).isGreaterThan(3);
  }

  @Test
  void aRuleThatIsGoneAndAChainTooMany() throws Exception {
    String chain = someChain();
    List<IptablesRule> rules = world.kernel.rules(AddressFamily.IPV4, IptablesTable.NAT, chain);
    world
        .kernel
        .commit(
            AddressFamily.IPV4,
            IptablesTable.NAT,
            XtablesChange.ofChains(
                Map.of(
                    chain,
                    rules.subList(1, rules.size()),
                    "FAIRLEAD-MINE",
                    List.of(IptablesRule.of(new Target.Return())))))
        .join();
    assertThat(compare().differences())
        .containsExactlyInAnyOrder(
            Difference.missing("chain ip nat " + chain, rules.getFirst().text(AddressFamily.IPV4)),
            Difference.extra("table ip nat", ":FAIRLEAD-MINE"),
            Difference.extra("chain ip nat FAIRLEAD-MINE", "-j RETURN"));
    assertThat(world.backend.audit()).isNotEmpty();
    assertThat(compare().differences()).isEmpty();
  }

  @Test
  void jumpsOfBuiltInChains() throws Exception {
    int jumps = world.kernel.jumps(AddressFamily.IPV4, IptablesTable.NAT, "PREROUTING").size();
    assertThat(jumps).isPositive();
    world.kernel.removeJumps(AddressFamily.IPV4, IptablesTable.NAT);
    assertThat(compare().differences())
        .allSatisfy(one -> assertThat(one.kind()).isEqualTo(Difference.Kind.MISSING))
        .anySatisfy(one -> assertThat(one.place()).isEqualTo("chain ip nat PREROUTING"));
    assertThat(world.backend.audit()).isNotEmpty();
    assertThat(compare().differences()).isEmpty();
  }
}
