package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.NumberField;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import java.util.Arrays;
import java.util.List;

/**
 * The chain that all services with the same number of endpoints share: it draws a slot and sends
 * the connection to the endpoint that the map holds for it, each with the same probability. A chain
 * that no service leads to any more stays: it costs no packet's time, and there are never more than
 * different numbers of endpoints were seen.
 */
final class EndpointChain {

  private static final String PREFIX = "endpoints-";

  private EndpointChain() {}

  static String name(int endpoints) {
    return PREFIX + endpoints;
  }

  /** The number of endpoints in the chain's name, or 0 if it is another chain. */
  static int endpoints(String chain) {
    String digits = chain.startsWith(PREFIX) ? chain.substring(PREFIX.length()) : "";
    return digits.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(digits) : 0;
  }

  static NfChain chain(int endpoints) {
    return NfChain.regular(TABLE, name(endpoints), "");
  }

  static List<NfRule> rules(int endpoints) {
    return Arrays.stream(AddressFamily.values())
        .map(family -> rule(FamilySets.of(family), endpoints))
        .toList();
  }

  private static NfRule rule(FamilySets sets, int endpoints) {
    Field[] key = Arrays.copyOf(sets.virtualAddress(), 4);
    key[3] = NumberField.random(endpoints);
    return NfRule.of(
        TABLE,
        name(endpoints),
        "",
        new RuleBuilder()
            .family(sets.family())
            .dnat(sets.family(), sets.endpoints().name(), key)
            .build());
  }
}
