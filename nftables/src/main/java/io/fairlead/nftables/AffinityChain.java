package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The chain in which a new connection's endpoint is remembered for its client: shared by all
 * Services with the same timeout. There is one per family, on demand: nft 1.0.6 aborts when it
 * reads such a rule with an IPv6 key, so that a listing can only be loaded again where no IPv6
 * Service has session affinity.
 */
record AffinityChain(AddressFamily family, int seconds) {

  private static final Pattern NAME = Pattern.compile("remember-([1-9][0-9]{0,8})-(ipv[46])");

  String name() {
    return "remember-" + seconds + "-" + FamilySets.of(family).suffix();
  }

  /** The chain of that name, or null if it is another kind of chain. */
  static @Nullable AffinityChain of(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return null;
    }
    AddressFamily family =
        matcher.group(2).equals("ipv4") ? AddressFamily.IPV4 : AddressFamily.IPV6;
    return new AffinityChain(family, Integer.parseInt(matcher.group(1)));
  }

  Map<NfChain, List<NfRule>> chains() {
    return Map.of(NfChain.regular(TABLE, name(), ""), rules());
  }

  private List<NfRule> rules() {
    ServiceSets sets = ServiceSets.of(family);
    FamilySets base = sets.base();
    List<NfRule> rules = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      // nft wants to know the protocol before it names a connection's port.
      RuleBuilder builder =
          new RuleBuilder()
              .family(family)
              .equal(Fields.L4PROTO, Bytes.u8(protocol.number()))
              .update(
                  sets.remembered().name(),
                  TimeUnit.SECONDS.toMillis(seconds),
                  List.of(
                      base.fields().originalSource(),
                      base.fields().originalDestination(),
                      Fields.L4PROTO,
                      Fields.ORIGINAL_DPORT),
                  List.of(base.fields().replySource(), Fields.REPLY_SPORT));
      rules.add(NfRule.of(TABLE, name(), "", builder.build()));
    }
    return rules;
  }
}
