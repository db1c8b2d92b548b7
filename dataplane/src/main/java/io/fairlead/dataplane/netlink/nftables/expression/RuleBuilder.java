package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.model.AddressFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts expressions together in the order of nft's statements. Not thread-safe; use it once:
 *
 * <pre>{@code
 * List<Expression> rule =
 *     new RuleBuilder().family(IPV4).vmap("service-ipv4", IP_DADDR, L4PROTO, TH_DPORT).build();
 * }</pre>
 */
public final class RuleBuilder {

  private final List<Expression> expressions = new ArrayList<>();

  /** Only packets of {@code family} go on: what precedes any address in a table of both. */
  public RuleBuilder family(AddressFamily family) {
    return equal(new MetaField(MetaKey.NFPROTO), Bytes.u8(family.number()));
  }

  public RuleBuilder equal(Field field, Bytes value) {
    expressions.add(field.load(0));
    expressions.add(new Cmp(CmpOperator.EQUAL, 0, value));
    return this;
  }

  /** Only packets whose connection is in one of the states (bits as in the kernel's ct state). */
  public RuleBuilder connection(CtKey key, int bits) {
    expressions.add(new Ct(key, Ct.Direction.ANY, 0));
    expressions.add(new Bitwise(0, 0, Bytes.u32(bits), Bytes.u32(0)));
    expressions.add(new Cmp(CmpOperator.NOT_EQUAL, 0, Bytes.u32(0)));
    return this;
  }

  private void load(Field... key) {
    int register = 0;
    for (Field field : key) {
      expressions.add(field.load(register));
      register += field.registers();
    }
  }

  /** Only packets whose fields are in the set. */
  public RuleBuilder in(String set, Field... key) {
    load(key);
    expressions.add(new Lookup(set, 0, Lookup.MEMBERSHIP, false));
    return this;
  }

  /** Only packets whose fields are not in the set. */
  public RuleBuilder notIn(String set, Field... key) {
    load(key);
    expressions.add(new Lookup(set, 0, Lookup.MEMBERSHIP, true));
    return this;
  }

  /** The verdict that the map holds for the fields; without one, the rule ends. */
  public RuleBuilder vmap(String map, Field... key) {
    load(key);
    expressions.add(new Lookup(map, 0, Lookup.VERDICT, false));
    return this;
  }

  /** Sends the packet to the address and port that the map holds for the fields. */
  public RuleBuilder dnat(AddressFamily family, String map, Field... key) {
    load(key);
    expressions.add(new Lookup(map, 0, 0, false));
    expressions.add(new Nat(true, family, 0, family.byteLength() / 4));
    return this;
  }

  public RuleBuilder then(Expression expression) {
    expressions.add(expression);
    return this;
  }

  public RuleBuilder verdict(Verdict verdict) {
    return then(new ImmediateVerdict(verdict));
  }

  public List<Expression> build() {
    return List.copyOf(expressions);
  }
}
