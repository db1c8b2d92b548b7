package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Puts expressions together in the order of nft's statements. Not thread-safe; use it once:
 *
 * <pre>{@code
 * List<Expression> rule =
 *     new RuleBuilder().family(IPV4).vmap("service-ipv4", IP_DADDR, L4PROTO, TH_DPORT).build();
 * }</pre>
 */
public final class RuleBuilder {

  /** The protocol number of RFC 4443. */
  private static final int ICMPV6 = 58;

  private static final int TCP = 6;

  /** Where RFC 9293's header has its flags, and the one that asks for a connection. */
  private static final int TCP_FLAGS = 13;

  private static final int TCP_SYN = 2;

  private static final int SCTP = 132;

  /** Where RFC 9260's packet has the type of its first chunk, and the one that asks for more. */
  private static final int SCTP_CHUNK = 12;

  private static final int SCTP_INIT = 1;

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

  public RuleBuilder notEqual(Field field, Bytes value) {
    expressions.add(field.load(0));
    expressions.add(new Cmp(CmpOperator.NOT_EQUAL, 0, value));
    return this;
  }

  /** Only packets whose field is from {@code first} to {@code last}; of big-endian fields. */
  public RuleBuilder between(Field field, Bytes first, Bytes last) {
    expressions.add(field.load(0));
    expressions.add(new Range(false, 0, first, last));
    return this;
  }

  /** Only ICMPv6 messages of the types from {@code first} to {@code last}. */
  public RuleBuilder icmpv6(int first, int last) {
    family(AddressFamily.IPV6).equal(Fields.L4PROTO, Bytes.u8(ICMPV6));
    expressions.add(new Payload(Payload.Base.TRANSPORT, 0, 1, 0));
    expressions.add(
        first == last
            ? new Cmp(CmpOperator.EQUAL, 0, Bytes.u8(first))
            : new Range(false, 0, Bytes.u8(first), Bytes.u8(last)));
    return this;
  }

  /** Only TCP packets that do not ask for a connection. */
  public RuleBuilder tcpWithoutSyn() {
    equal(Fields.L4PROTO, Bytes.u8(TCP));
    expressions.add(new Payload(Payload.Base.TRANSPORT, TCP_FLAGS, 1, 0));
    expressions.add(new Bitwise(0, 0, Bytes.u8(TCP_SYN), Bytes.u8(0)));
    expressions.add(new Cmp(CmpOperator.EQUAL, 0, Bytes.u8(0)));
    return this;
  }

  /** Only packets whose field is an address of the network. */
  public RuleBuilder within(Field field, Cidr network) {
    byte[] mask = new byte[network.family().byteLength()];
    for (int i = 0; i < network.prefixLength(); i++) {
      mask[i / 8] |= (byte) (0x80 >> i % 8);
    }
    expressions.add(field.load(0));
    expressions.add(new Bitwise(0, 0, Bytes.of(mask), Bytes.zeros(mask.length)));
    expressions.add(new Cmp(CmpOperator.EQUAL, 0, Bytes.of(network.network())));
    return this;
  }

  /** Only SCTP packets that do not ask for an association: whose first chunk is no INIT. */
  public RuleBuilder sctpWithoutInit() {
    equal(Fields.L4PROTO, Bytes.u8(SCTP));
    expressions.add(new Payload(Payload.Base.TRANSPORT, SCTP_CHUNK, 1, 0));
    expressions.add(new Cmp(CmpOperator.NOT_EQUAL, 0, Bytes.u8(SCTP_INIT)));
    return this;
  }

  /** Only packets that came in through the interface of this name. */
  public RuleBuilder cameThrough(String name) {
    return equal(Fields.IIFNAME, Bytes.ofInterface(name));
  }

  /** Only packets that leave through the interface of this name. */
  public RuleBuilder leavesThrough(String name) {
    return equal(Fields.OIFNAME, Bytes.ofInterface(name));
  }

  /** Only packets that came in through another interface, or through none. */
  public RuleBuilder cameNotThrough(String name) {
    return notEqual(Fields.IIFNAME, Bytes.ofInterface(name));
  }

  /** Only packets that came in through an interface whose name begins so. */
  public RuleBuilder cameThroughPrefix(String prefix) {
    return equal(Fields.IIFNAME, Bytes.of(prefix.getBytes(StandardCharsets.UTF_8)));
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

  /** Only packets to this host's own addresses, as its routing tables know them now. */
  public RuleBuilder toThisHost() {
    expressions.add(new Fib(Set.of(Fib.Flag.DADDR), Fib.Result.TYPE, 0));
    expressions.add(new Cmp(CmpOperator.EQUAL, 0, Bytes.u32(Fib.LOCAL)));
    return this;
  }

  /** Only packets from this host's own addresses, as its routing tables know them now. */
  public RuleBuilder fromThisHost() {
    expressions.add(new Fib(Set.of(Fib.Flag.SADDR), Fib.Result.TYPE, 0));
    expressions.add(new Cmp(CmpOperator.EQUAL, 0, Bytes.u32(Fib.LOCAL)));
    return this;
  }

  /** Only packets whose field is not the value, in the bits of the mask. */
  public RuleBuilder notIn(Field field, Bytes value, Bytes mask) {
    expressions.add(field.load(0));
    expressions.add(new Bitwise(0, 0, mask, Bytes.zeros(mask.length())));
    expressions.add(new Cmp(CmpOperator.NOT_EQUAL, 0, value));
    return this;
  }

  /** Only packets with the bit in their mark. */
  public RuleBuilder marked(int bit) {
    expressions.add(Fields.MARK.load(0));
    expressions.add(new Bitwise(0, 0, Bytes.u32(bit), Bytes.u32(0)));
    expressions.add(new Cmp(CmpOperator.NOT_EQUAL, 0, Bytes.u32(0)));
    return this;
  }

  /** Only packets whose mark is the value, in the bits of the mask. */
  public RuleBuilder marked(int mask, int value) {
    expressions.add(Fields.MARK.load(0));
    expressions.add(new Bitwise(0, 0, Bytes.u32(mask), Bytes.u32(0)));
    expressions.add(new Cmp(CmpOperator.EQUAL, 0, Bytes.u32(value)));
    return this;
  }

  /** Sets the packet's whole mark. */
  public RuleBuilder setMark(int value) {
    expressions.add(new ImmediateData(0, Bytes.u32(value)));
    expressions.add(new MetaSet(MetaKey.MARK, 0));
    return this;
  }

  /** Sets the packet's whole mark to what the map holds for the fields. */
  public RuleBuilder setMark(String map, Field... key) {
    load(key);
    expressions.add(new Lookup(map, 0, 0, false));
    expressions.add(new MetaSet(MetaKey.MARK, 0));
    return this;
  }

  /** Sets the bit in the packet's mark. */
  public RuleBuilder mark(int bit) {
    return changeMark(~bit, bit);
  }

  /** Clears the bit in the packet's mark. */
  public RuleBuilder unmark(int bit) {
    return changeMark(~bit, 0);
  }

  private RuleBuilder changeMark(int mask, int xor) {
    expressions.add(Fields.MARK.load(0));
    expressions.add(new Bitwise(0, 0, Bytes.u32(mask), Bytes.u32(xor)));
    expressions.add(new MetaSet(MetaKey.MARK, 0));
    return this;
  }

  /** Sets the packet's priority to what the map holds for the fields. */
  public RuleBuilder priority(String map, Field... key) {
    load(key);
    expressions.add(new Lookup(map, 0, 0, false));
    expressions.add(new MetaSet(MetaKey.PRIORITY, 0));
    return this;
  }

  /** Sets the packet's priority. */
  public RuleBuilder priority(int value) {
    expressions.add(new ImmediateData(0, Bytes.u32(value)));
    expressions.add(new MetaSet(MetaKey.PRIORITY, 0));
    return this;
  }

  /** Adds an element to a map, or lets one that is there stay for another while. */
  public RuleBuilder update(String map, long timeoutMillis, List<Field> key, List<Field> value) {
    load(key.toArray(Field[]::new));
    int data = key.stream().mapToInt(Field::registers).sum();
    int register = data;
    for (Field field : value) {
      expressions.add(field.load(register));
      register += field.registers();
    }
    return then(new DynamicSet(DynamicSet.Change.UPDATE, map, 0, data, timeoutMillis));
  }

  /** Lets an element that is there stay for another while; one that is not is added. */
  public RuleBuilder refresh(String set, Field... key) {
    load(key);
    return then(new DynamicSet(DynamicSet.Change.UPDATE, set, 0, DynamicSet.NONE, 0));
  }

  /** Has the kernel tell which rules the packet meets from here on. */
  public RuleBuilder trace() {
    expressions.add(new ImmediateData(0, Bytes.u8(1)));
    expressions.add(new MetaSet(MetaKey.NFTRACE, 0));
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
