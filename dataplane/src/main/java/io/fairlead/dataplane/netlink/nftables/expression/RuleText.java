package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.model.AddressFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes expressions in nft's language, as far as it has words for them, by following what is
 * loaded into which register. For people, logs and tests: it is not read back.
 */
public final class RuleText {

  private final RegisterText registers = new RegisterText();
  private final List<String> statements = new ArrayList<>();

  /** "ip daddr . th dport vmap @service"-like text of a rule. */
  public static String of(List<Expression> expressions) {
    RuleText text = new RuleText();
    expressions.forEach(text::add);
    return text.finish();
  }

  private RuleText() {}

  private String finish() {
    // "ip saddr" says already that the packet is IPv4.
    List<String> result = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      String following = i + 1 < statements.size() ? statements.get(i + 1) : "";
      boolean implied =
          (statements.get(i).equals("meta nfproto ipv4") && following.matches(".*\\bip [sd]addr.*"))
              || (statements.get(i).equals("meta nfproto ipv6")
                  && following.matches(".*\\bip6 [sd]addr.*"));
      if (!implied) {
        result.add(statements.get(i));
      }
    }
    return String.join(" ", result);
  }

  private void add(Expression expression) {
    switch (expression) {
      case Payload payload ->
          registers.load(
              payload.register(),
              PayloadText.of(payload),
              PayloadText.typeOf(payload),
              payload.length());
      case Meta meta ->
          registers.load(
              meta.register(), meta.key().text(), meta.key().type(), meta.key().length());
      case Ct ct -> registers.load(ct.register(), ctText(ct), ct.key().type(), ct.key().length());
      case NumberGenerator number ->
          registers.load(
              number.register(),
              NumberGenerator.text(number.mode(), number.modulus(), number.offset()),
              DataType.INTEGER,
              4);
      case Fib fib -> registers.load(fib.register(), fib.text(), fib.type(), 4);
      case ImmediateData data -> registers.loadValue(data.register(), data.value());
      case Bitwise bitwise -> registers.mask(bitwise);
      case Cmp cmp -> statements.add(registers.compare(cmp));
      case Range range -> statements.add(registers.range(range));
      case Lookup lookup -> lookup(lookup);
      case MetaSet set ->
          statements.add(
              set.key().text() + " set " + registers.take(set.register(), set.key().type()));
      case CtSet set ->
          statements.add(
              set.key().text() + " set " + registers.take(set.register(), set.key().type()));
      case Nat nat -> statements.add(nat(nat));
      case ImmediateVerdict verdict -> statements.add(verdict.verdict().toString());
      case Masquerade masquerade -> statements.add(masquerade.text());
      case Reject reject -> statements.add(reject.text());
      // What was counted is not part of what the rule is.
      case Counter _ -> statements.add("counter");
      case ObjectReference reference ->
          statements.add(reference.type().text() + " name \"" + reference.name() + "\"");
      case ObjectLookup lookup ->
          statements.add(
              "object " + registers.takeKey(lookup.register()) + " map @" + lookup.set());
      case DynamicSet set -> statements.add(dynamicSet(set));
      case Log log ->
          statements.add(
              "log "
                  + (log.prefix().isEmpty() ? "" : "prefix \"" + log.prefix() + "\" ")
                  + "group "
                  + log.group()
                  + (log.snaplen() == 0 ? "" : " snaplen " + log.snaplen()));
      case Limit limit -> statements.add(limit.text());
      case NoTrack _ -> statements.add("notrack");
      case XtMatch match -> statements.add("xt match " + match.name());
      case XtTarget target -> statements.add("xt target " + target.name());
      case Opaque opaque -> statements.add("(" + opaque.kind() + ")");
    }
  }

  private static String ctText(Ct ct) {
    return switch (ct.direction()) {
      case ANY -> ct.key().text();
      case ORIGINAL -> "ct original " + ct.key().text().substring(3);
      case REPLY -> "ct reply " + ct.key().text().substring(3);
    };
  }

  private void lookup(Lookup lookup) {
    String key = registers.takeKey(lookup.register());
    String set = "@" + lookup.set();
    switch (lookup.result()) {
      case Lookup.MEMBERSHIP -> statements.add(key + (lookup.inverted() ? " != " : " ") + set);
      case Lookup.VERDICT -> statements.add(key + " vmap " + set);
      default -> registers.loadMapped(lookup.result(), key + " map " + set);
    }
  }

  private String nat(Nat nat) {
    String what = nat.destination() ? "dnat" : "snat";
    String family = nat.family() == AddressFamily.IPV6 ? "ip6" : "ip";
    DataType type =
        nat.family() == AddressFamily.IPV6 ? DataType.IPV6_ADDRESS : DataType.IPV4_ADDRESS;
    String address = nat.address() == Nat.NONE ? "" : registers.take(nat.address(), type);
    String port = nat.port() == Nat.NONE ? "" : registers.take(nat.port(), DataType.INET_SERVICE);
    return what + " " + family + " to " + address + (port.isEmpty() ? "" : ":" + port);
  }

  private String dynamicSet(DynamicSet set) {
    String change =
        switch (set.change()) {
          case ADD -> "add";
          case UPDATE -> "update";
          case DELETE -> "delete";
        };
    String timeout = set.timeoutMillis() == 0 ? "" : " timeout " + set.timeoutMillis() + "ms";
    // The value's registers follow the key's.
    String key = registers.takeKey(set.key(), set.data());
    String data = set.data() == DynamicSet.NONE ? "" : " : " + registers.takeKey(set.data());
    return change + " @" + set.set() + " { " + key + timeout + data + " }";
  }
}
