package io.fairlead.dataplane.netlink.nftables;

import static io.fairlead.dataplane.model.AddressFamily.IPV4;
import static io.fairlead.dataplane.model.AddressFamily.IPV6;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.IIFNAME;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.IP6_DADDR;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.IP6_SADDR;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.IP_DADDR;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.IP_SADDR;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.L4PROTO;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.MARK;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.PRIORITY;
import static io.fairlead.dataplane.netlink.nftables.expression.Fields.TH_DPORT;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.expression.Bitwise;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Cmp;
import io.fairlead.dataplane.netlink.nftables.expression.CmpOperator;
import io.fairlead.dataplane.netlink.nftables.expression.Counter;
import io.fairlead.dataplane.netlink.nftables.expression.Ct;
import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.CtSet;
import io.fairlead.dataplane.netlink.nftables.expression.DynamicSet;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.Fib;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.ImmediateData;
import io.fairlead.dataplane.netlink.nftables.expression.Limit;
import io.fairlead.dataplane.netlink.nftables.expression.Log;
import io.fairlead.dataplane.netlink.nftables.expression.Masquerade;
import io.fairlead.dataplane.netlink.nftables.expression.Meta;
import io.fairlead.dataplane.netlink.nftables.expression.MetaKey;
import io.fairlead.dataplane.netlink.nftables.expression.MetaSet;
import io.fairlead.dataplane.netlink.nftables.expression.Nat;
import io.fairlead.dataplane.netlink.nftables.expression.NoTrack;
import io.fairlead.dataplane.netlink.nftables.expression.NumberField;
import io.fairlead.dataplane.netlink.nftables.expression.NumberGenerator;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectLookup;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.Payload;
import io.fairlead.dataplane.netlink.nftables.expression.Range;
import io.fairlead.dataplane.netlink.nftables.expression.Reject;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;

/** A table with one of everything. */
final class Example {

  static final TableName TABLE = TableName.inet("example");

  static final NfSet SERVICES =
      NfSet.map(TABLE, "services", "where to", SetData.verdicts(), IP_DADDR, L4PROTO, TH_DPORT);
  static final NfSet ENDPOINTS =
      NfSet.map(
          TABLE,
          "endpoints",
          "",
          SetData.values(IP_DADDR, TH_DPORT),
          IP_DADDR,
          L4PROTO,
          TH_DPORT,
          NumberField.random(65536));
  static final NfSet ENDPOINTS6 =
      NfSet.map(
          TABLE,
          "endpoints6",
          "the longest key there is",
          SetData.values(IP6_DADDR, TH_DPORT),
          IP6_DADDR,
          L4PROTO,
          TH_DPORT,
          NumberField.random(65536));
  static final NfSet NETWORKS = NfSet.set(TABLE, "networks", "", IP_SADDR).withIntervals();
  static final NfSet PORTS = NfSet.set(TABLE, "ports", "", TH_DPORT).withIntervals();
  static final NfSet PEERS = NfSet.set(TABLE, "peers", "", IP_SADDR, TH_DPORT).withIntervals();
  static final NfSet SEEN =
      NfSet.set(TABLE, "seen", "", IP_SADDR).withDynamic(1000).withTimeout(60_000);
  static final NfSet COUNTED =
      NfSet.set(TABLE, "counted", "", IP_DADDR, L4PROTO, TH_DPORT).withCounters();
  static final NfSet PRIORITIES =
      NfSet.map(TABLE, "priorities", "", SetData.values(PRIORITY), IP_DADDR, L4PROTO, TH_DPORT);
  static final NfSet CLIENTS =
      NfSet.map(
              TABLE,
              "clients",
              "",
              SetData.values(IP_DADDR, TH_DPORT),
              IP_SADDR,
              IP_DADDR,
              L4PROTO,
              TH_DPORT)
          .withDynamic(1000)
          .withTimeout(0);
  static final NfSet MARKS = NfSet.map(TABLE, "marks", "", SetData.values(IP_DADDR), MARK);
  static final NfSet INTERFACES = NfSet.set(TABLE, "interfaces", "", IIFNAME, IP_SADDR);
  static final NfSet COUNTERS =
      NfSet.map(TABLE, "counters", "", new SetData.Objects(ObjectType.COUNTER), IP_SADDR);
  static final List<NfSet> SETS =
      List.of(
          SERVICES,
          ENDPOINTS,
          ENDPOINTS6,
          NETWORKS,
          PORTS,
          PEERS,
          SEEN,
          MARKS,
          COUNTED,
          PRIORITIES,
          CLIENTS,
          INTERFACES,
          COUNTERS);

  static final NfCounter COUNTER = NfCounter.of(TABLE, "refused", "what was refused");

  private Example() {}

  static SetElement service(String address, int port, int endpoints) {
    return SetElement.of(
        new KeyBuilder().address(IpAddress.parse(address)).protocol(6).port(port).build(),
        Verdict.goTo("endpoints-" + endpoints));
  }

  static SetElement endpoint(String address, int port, int slot, String target, int targetPort) {
    return SetElement.of(
        new KeyBuilder()
            .address(IpAddress.parse(address))
            .protocol(6)
            .port(port)
            .number(slot)
            .build(),
        new KeyBuilder().address(IpAddress.parse(target)).port(targetPort).build());
  }

  private static Bytes virtualAddress() {
    return new KeyBuilder().address(IpAddress.parse("10.96.0.10")).protocol(6).port(80).build();
  }

  static Bytes address(String text) {
    return Bytes.of(IpAddress.parse(text));
  }

  static List<NfOperation> elements() {
    return List.of(
        new NfOperation.AddElements(SERVICES, List.of(service("10.96.0.10", 80, 2))),
        new NfOperation.AddElements(
            ENDPOINTS,
            List.of(
                endpoint("10.96.0.10", 80, 0, "10.244.0.2", 8080),
                endpoint("10.96.0.10", 80, 1, "10.244.0.3", 8081))),
        new NfOperation.AddElements(
            ENDPOINTS6, List.of(endpoint("fd00::a", 80, 0, "fd01::2", 8080))),
        new NfOperation.AddElements(
            NETWORKS,
            List.of(
                SetElement.of(Cidr.parse("10.244.0.0/24")).withComment("pods"),
                SetElement.of(Cidr.parse("10.244.1.0/24")),
                SetElement.range(address("10.1.1.1"), address("10.1.1.7")),
                SetElement.of(address("192.0.2.1")),
                SetElement.range(address("240.0.0.0"), address("255.255.255.255")))),
        new NfOperation.AddElements(
            PORTS,
            List.of(
                SetElement.range(Bytes.u16Be(80), Bytes.u16Be(90)),
                SetElement.of(Bytes.u16Be(443)))),
        new NfOperation.AddElements(
            PEERS,
            List.of(
                SetElement.range(
                    new KeyBuilder().address(IpAddress.parse("10.0.0.0")).port(1000).build(),
                    new KeyBuilder().address(IpAddress.parse("10.0.0.255")).port(2000).build()))),
        new NfOperation.AddElements(
            SEEN, List.of(SetElement.of(address("192.0.2.9")).withTimeout(3_600_000))),
        new NfOperation.AddElements(
            MARKS, List.of(SetElement.of(Bytes.u32(0x4000), address("10.0.0.1")))),
        new NfOperation.AddElements(COUNTED, List.of(SetElement.of(virtualAddress()))),
        new NfOperation.AddElements(
            PRIORITIES, List.of(SetElement.of(virtualAddress(), Bytes.u32(0x80000002)))),
        new NfOperation.AddElements(
            COUNTERS,
            List.of(SetElement.of(address("10.0.0.1"), new ElementData.OfObject("refused")))));
  }

  private static NfRule rule(String chain, String comment, Expression... expressions) {
    return NfRule.of(TABLE, chain, comment, List.of(expressions));
  }

  private static NfRule rule(String chain, String comment, RuleBuilder builder) {
    return NfRule.of(TABLE, chain, comment, builder.build());
  }

  static List<NfRule> rules() {
    return List.of(
        rule(
            "endpoints-2",
            "",
            new RuleBuilder()
                .family(IPV4)
                .dnat(IPV4, "endpoints", IP_DADDR, L4PROTO, TH_DPORT, NumberField.random(2))),
        rule(
            "endpoints-2",
            "",
            new RuleBuilder()
                .family(IPV6)
                .dnat(IPV6, "endpoints6", IP6_DADDR, L4PROTO, TH_DPORT, NumberField.random(2))),
        rule(
            "prerouting",
            "virtual addresses",
            new RuleBuilder().family(IPV4).vmap("services", IP_DADDR, L4PROTO, TH_DPORT)),
        rule(
            "postrouting",
            "",
            new RuleBuilder()
                .connection(CtKey.STATUS, 32)
                .family(IPV4)
                .in("networks", IP_SADDR)
                .notIn("networks", IP_DADDR)
                .then(new Masquerade(true))),
        rule(
            "postrouting",
            "",
            new RuleBuilder()
                .equal(L4PROTO, Bytes.u8(6))
                .then(new ImmediateData(0, address("192.0.2.1")))
                .then(new ImmediateData(4, Bytes.u16Be(1024)))
                .then(new Nat(false, IPV4, 0, 4))),
        rule(
            "refuse",
            "tell the client",
            new ObjectReference(ObjectType.COUNTER, "refused"),
            new Counter(0, 0),
            new Meta(MetaKey.L4PROTO, 0),
            new Cmp(CmpOperator.EQUAL, 0, Bytes.u8(6)),
            Reject.TCP_RESET),
        rule("refuse", "", Reject.PORT_UNREACHABLE),
        rule("filter", "", new RuleBuilder().connection(CtKey.STATE, 6).verdict(Verdict.ACCEPT)),
        rule(
            "filter",
            "",
            new RuleBuilder()
                .family(IPV4)
                .then(new Payload(Payload.Base.NETWORK, 12, 4, 0))
                .then(
                    new DynamicSet(DynamicSet.Change.UPDATE, "seen", 0, DynamicSet.NONE, 10_000))),
        rule("filter", "", new Log(5, "seen ", 0), new Limit(10, 1, 5, false, false)),
        rule(
            "filter",
            "",
            new Fib(EnumSet.of(Fib.Flag.DADDR), Fib.Result.TYPE, 0),
            new Cmp(CmpOperator.EQUAL, 0, Bytes.u32(Fib.LOCAL)),
            new Ct(CtKey.DESTINATION_IPV4, Ct.Direction.ORIGINAL, 0),
            new Range(false, 0, address("10.96.0.0"), address("10.96.255.255"))),
        rule(
            "filter",
            "",
            new RuleBuilder()
                .family(IPV4)
                .then(new Payload(Payload.Base.NETWORK, 12, 4, 0))
                .then(new ObjectLookup("counters", 0))),
        rule(
            "filter",
            "",
            new RuleBuilder()
                .family(IPV4)
                .then(new Payload(Payload.Base.NETWORK, 16, 4, 0))
                .then(new Bitwise(0, 0, Bytes.of(new byte[] {-1, -1, -1, 0}), Bytes.zeros(4)))
                .then(new Cmp(CmpOperator.NOT_EQUAL, 0, address("10.0.7.0")))
                .then(new ImmediateData(0, Bytes.u32(1)))
                .then(new MetaSet(MetaKey.MARK, 0))),
        rule("filter", "", new Meta(MetaKey.MARK, 0), new CtSet(CtKey.MARK, 0)),
        rule(
            "filter",
            "",
            new NumberGenerator(NumberGenerator.Mode.INCREMENT, 4, 0, 0),
            new Cmp(CmpOperator.EQUAL, 0, Bytes.u32(1)),
            new RuleBuilder().verdict(Verdict.jump("refuse")).build().getFirst()),
        rule("raw", "", new NoTrack()),
        rule("marks", "", new Log(7, "denied", 128)),
        rule(
            "marks",
            "",
            new RuleBuilder()
                .icmpv6(133, 137)
                .between(TH_DPORT, Bytes.u16Be(80), Bytes.u16Be(90))
                .within(IP6_SADDR, Cidr.parse("fe80::/10"))),
        rule(
            "marks",
            "",
            new RuleBuilder().notEqual(Fields.SKUID, Bytes.u32(-1)).verdict(Verdict.ACCEPT)),
        rule(
            "marks",
            "",
            new RuleBuilder()
                .family(IPV4)
                .priority("priorities", IP_DADDR, L4PROTO, TH_DPORT)
                .verdict(Verdict.goTo("refuse"))),
        rule("marks", "", new RuleBuilder().priority(0)),
        rule(
            "marks",
            "",
            new RuleBuilder()
                .equal(L4PROTO, Bytes.u8(6))
                .in("counted", Fields.ORIGINAL_IP_DADDR, L4PROTO, Fields.ORIGINAL_DPORT)),
        rule(
            "marks",
            "",
            new RuleBuilder()
                .equal(IIFNAME, Bytes.of("veth".getBytes(StandardCharsets.US_ASCII)))
                .toThisHost()
                .mark(0x4000)),
        rule("marks", "", new RuleBuilder().marked(0x4000).unmark(0x4000)),
        rule(
            "marks",
            "",
            new RuleBuilder()
                .equal(L4PROTO, Bytes.u8(6))
                .update(
                    "clients",
                    60_000,
                    List.of(
                        Fields.ORIGINAL_IP_SADDR,
                        Fields.ORIGINAL_IP_DADDR,
                        L4PROTO,
                        Fields.ORIGINAL_DPORT),
                    List.of(Fields.REPLY_IP_SADDR, Fields.REPLY_SPORT))),
        rule(
            "endpoints-2",
            "",
            new RuleBuilder()
                .family(IPV4)
                .dnat(
                    IPV4,
                    "endpoints",
                    IP_DADDR,
                    L4PROTO,
                    TH_DPORT,
                    NumberField.random(3, 1 << 24))));
  }

  static List<NfChain> chains() {
    return List.of(
        NfChain.regular(TABLE, "endpoints-2", "two endpoints"),
        NfChain.regular(TABLE, "refuse", ""),
        new NfChain(
            TABLE,
            "prerouting",
            NfChain.Hook.accepting(NfChain.Type.NAT, NfChain.Point.PREROUTING, -100),
            "where virtual addresses end"),
        new NfChain(
            TABLE,
            "postrouting",
            NfChain.Hook.accepting(NfChain.Type.NAT, NfChain.Point.POSTROUTING, 100),
            ""),
        new NfChain(
            TABLE,
            "filter",
            new NfChain.Hook(NfChain.Type.FILTER, NfChain.Point.FORWARD, 0, Verdict.Kind.DROP),
            ""),
        NfChain.regular(TABLE, "raw", ""),
        NfChain.regular(TABLE, "marks", ""));
  }

  /** Everything at once. */
  static NfTransaction transaction() {
    NfTransaction transaction =
        NfTransaction.of(
            new NfOperation.AddTable(NfTable.of(TABLE, "an example")),
            new NfOperation.AddCounter(COUNTER));
    chains().forEach(chain -> transaction.add(new NfOperation.AddChain(chain)));
    SETS.forEach(set -> transaction.add(new NfOperation.AddSet(set)));
    transaction.addAll(elements());
    rules().forEach(rule -> transaction.add(new NfOperation.AddRule(rule)));
    return transaction;
  }
}
