package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.NumberField;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is done with connections to a frontend, apart from which endpoints it has: all frontends
 * with the same number of endpoints share a chain, which draws a slot and sends the connection to
 * the endpoint that the map holds for it, each with the same probability.
 *
 * <p>In the kernel it is one number. The map of Services holds it as a value, and a small verdict
 * map leads from it to the chain. A verdict map of all Services would do the same in one step, but
 * whenever an element of such a map is added, the kernel walks through all of them to look for
 * loops: with 10,000 Services that takes a millisecond. Between the two maps the number is in the
 * packet's priority, which the chain clears at once: a rule that looks up one map with the result
 * of another cannot be written in nft's language, and a mark may be somebody's. Only the first
 * packet of a connection is concerned.
 *
 * <p>Chains to which no Service leads any more stay: they cost no packet's time, and there are
 * never more than different numbers of endpoints were seen.
 *
 * @param nodePort whether the frontend is a node port
 * @param local whether the endpoints are those for clients from outside
 * @param affinity whether clients stay with their endpoint
 * @param endpoints 1 to 16,777,215
 */
record Target(
    boolean nodePort, boolean local, boolean affinity, Masquerade masquerade, int endpoints) {

  private static final int MASQUERADE_SHIFT = 30;
  private static final int AFFINITY = 1 << 29;
  private static final int LOCAL = 1 << 28;
  private static final int NODE_PORT = 1 << 27;
  private static final int ENDPOINTS = (1 << 24) - 1;

  /** The number in the kernel: flags, and the number of endpoints in the lowest 24 bits. */
  int value() {
    return number(masquerade) << MASQUERADE_SHIFT
        | (affinity ? AFFINITY : 0)
        | (local ? LOCAL : 0)
        | (nodePort ? NODE_PORT : 0)
        | endpoints;
  }

  /** The target of a number, or null if it is nobody's. */
  static @Nullable Target of(int value) {
    Target target =
        new Target(
            (value & NODE_PORT) != 0,
            (value & LOCAL) != 0,
            (value & AFFINITY) != 0,
            masquerade(value >>> MASQUERADE_SHIFT),
            value & ENDPOINTS);
    return target.endpoints > 0 && target.value() == value ? target : null;
  }

  private static int number(Masquerade masquerade) {
    return switch (masquerade) {
      case NOBODY -> 0;
      case NODE -> 1;
      case ALL_BUT_LOCAL_PODS -> 2;
      case EVERYBODY -> 3;
    };
  }

  private static Masquerade masquerade(int number) {
    return switch (number) {
      case 0 -> Masquerade.NOBODY;
      case 1 -> Masquerade.NODE;
      case 2 -> Masquerade.ALL_BUT_LOCAL_PODS;
      default -> Masquerade.EVERYBODY;
    };
  }

  Bytes bytes() {
    return Bytes.u32(value());
  }

  /** The element that leads here. */
  SetElement element() {
    return SetElement.of(bytes(), Verdict.goTo(chain()));
  }

  /** The name of the chain that connections enter. */
  String chain() {
    return affinity ? "affinity-" + balancingChain() : balancingChain();
  }

  private String balancingChain() {
    return (nodePort ? "node-port-" : "") + (local ? "local-" : "") + "endpoints-" + endpoints;
  }

  /** The chains that the target needs, each before those that lead to it. */
  Map<NfChain, List<NfRule>> chains() {
    Map<NfChain, List<NfRule>> chains = new LinkedHashMap<>();
    chains.put(NfChain.regular(TABLE, balancingChain(), ""), balancingRules());
    if (affinity) {
      chains.put(NfChain.regular(TABLE, chain(), ""), affinityRules());
    }
    return chains;
  }

  /** Operations that make chains with their rules. */
  static List<NfOperation> additions(Map<NfChain, List<NfRule>> chains) {
    List<NfOperation> operations = new ArrayList<>();
    chains.forEach((chain, rules) -> {
      operations.add(new NfOperation.AddChain(chain));
      rules.forEach(rule -> operations.add(new NfOperation.AddRule(rule)));
    });
    return operations;
  }

  private static NfRule rule(String chain, RuleBuilder builder) {
    return NfRule.of(TABLE, chain, "", builder.build());
  }

  private List<NfRule> balancingRules() {
    List<NfRule> rules = new ArrayList<>();
    rules.add(rule(balancingChain(), new RuleBuilder().priority(0)));
    for (AddressFamily family : AddressFamily.values()) {
      ServiceSets sets = ServiceSets.of(family);
      FrontendSets frontends = nodePort ? sets.nodePorts() : sets.virtual();
      List<Field> key = new ArrayList<>(frontends.key());
      key.add(NumberField.random(endpoints, local ? FrontendSets.LOCAL_SLOTS : 0));
      rules.add(
          rule(
              balancingChain(),
              new RuleBuilder()
                  .family(family)
                  .dnat(family, frontends.endpoints().name(), key.toArray(Field[]::new))));
    }
    return rules;
  }

  private List<NfRule> affinityRules() {
    List<NfRule> rules = new ArrayList<>();
    rules.add(rule(chain(), new RuleBuilder().priority(0)));
    for (AddressFamily family : AddressFamily.values()) {
      ServiceSets sets = ServiceSets.of(family);
      rules.add(
          rule(
              chain(),
              new RuleBuilder()
                  .family(family)
                  .dnat(family, sets.remembered().name(), sets.client())));
    }
    rules.add(rule(chain(), new RuleBuilder().verdict(Verdict.goTo(balancingChain()))));
    return rules;
  }
}
