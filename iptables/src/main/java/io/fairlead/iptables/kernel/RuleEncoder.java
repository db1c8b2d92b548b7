package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.expression.Bitwise;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Cmp;
import io.fairlead.dataplane.netlink.nftables.expression.CmpOperator;
import io.fairlead.dataplane.netlink.nftables.expression.Counter;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ImmediateVerdict;
import io.fairlead.dataplane.netlink.nftables.expression.Meta;
import io.fairlead.dataplane.netlink.nftables.expression.MetaKey;
import io.fairlead.dataplane.netlink.nftables.expression.Payload;
import io.fairlead.dataplane.netlink.nftables.expression.Range;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.netlink.nftables.expression.XtMatch;
import io.fairlead.dataplane.netlink.nftables.expression.XtTarget;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rules as expressions of nf_tables, in exactly the form of iptables-nft 1.8.9: interface, protocol
 * and addresses, the other matches as given, a counter, the target.
 */
final class RuleEncoder {

  private final AddressFamily family;
  private final IptablesRule rule;
  private final List<Expression> expressions = new ArrayList<>();

  private RuleEncoder(AddressFamily family, IptablesRule rule) {
    this.family = family;
    this.rule = rule;
  }

  static List<Expression> encode(AddressFamily family, IptablesRule rule) {
    return new RuleEncoder(family, rule).encode();
  }

  private List<Expression> encode() {
    for (Match match : rule.matches()) {
      if (match instanceof Match.InInterface || match instanceof Match.ProtocolIs) {
        add(match);
      }
    }
    for (Match match : rule.matches()) {
      if (!(match instanceof Match.InInterface || match instanceof Match.ProtocolIs)) {
        add(match);
      }
    }
    expressions.add(new Counter(0, 0));
    Target target = rule.target();
    if (target != null) {
      expressions.add(target(target));
    }
    return List.copyOf(expressions);
  }

  private void add(Match match) {
    switch (match) {
      case Match.Source(Cidr cidr, boolean negated) -> address(AddressField.SOURCE, cidr, negated);
      case Match.Destination(Cidr cidr, boolean negated) ->
          address(AddressField.DESTINATION, cidr, negated);
      case Match.InInterface(String name, boolean negated) -> {
        expressions.add(new Meta(MetaKey.IIFNAME, 0));
        compare(interfaceName(name), negated);
      }
      case Match.ProtocolIs(Protocol protocol) -> {
        expressions.add(new Meta(MetaKey.L4PROTO, 0));
        compare(Bytes.u8(protocol.number()), false);
      }
      case Match.DestinationPort(int port) -> destinationPorts(port, port);
      case Match.DestinationPorts(int first, int last) -> destinationPorts(first, last);
      case Match.Mark(int value, int mask, boolean negated) -> {
        expressions.add(new Meta(MetaKey.MARK, 0));
        if (mask != -1) {
          expressions.add(new Bitwise(0, 0, Bytes.u32(mask), Bytes.u32(0)));
        }
        compare(Bytes.u32(value), negated);
      }
      case Match.Comment(String text) -> extension("comment", 0, XtInfo.comment(text));
      case Match.SourceType(boolean negated) ->
          extension("addrtype", 1, XtInfo.sourceType(negated));
      case Match.DestinationType(boolean negated) ->
          extension("addrtype", 1, XtInfo.destinationType(negated));
      case Match.ConnectionState state -> extension("conntrack", 3, XtInfo.connectionState(state));
      case Match.RandomShare(long share) -> extension("statistic", 0, XtInfo.randomShare(share));
      case Match.Recent recent -> extension("recent", 1, XtInfo.recent(recent, family));
    }
  }

  private void compare(Bytes value, boolean negated) {
    expressions.add(new Cmp(negated ? CmpOperator.NOT_EQUAL : CmpOperator.EQUAL, 0, value));
  }

  private void extension(String name, int revision, Bytes info) {
    expressions.add(new XtMatch(name, revision, info));
  }

  /** A wildcard is compared without the terminating zero. */
  private static Bytes interfaceName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return name.endsWith("+")
        ? Bytes.of(bytes, bytes.length - 1)
        : Bytes.of(bytes, bytes.length + 1);
  }

  private void address(AddressField field, Cidr cidr, boolean negated) {
    int length = cidr.prefixLength();
    if (length == 0) {
      return;
    }
    int offset = field.offset(family);
    Bytes network = Bytes.of(cidr.network());
    if (length % 8 == 0) {
      expressions.add(new Payload(Payload.Base.NETWORK, offset, length / 8, 0));
      compare(network.slice(0, length / 8), negated);
      return;
    }
    expressions.add(new Payload(Payload.Base.NETWORK, offset, family.byteLength(), 0));
    expressions.add(
        new Bitwise(0, 0, mask(length, family.byteLength()), Bytes.zeros(family.byteLength())));
    compare(network, negated);
  }

  static Bytes mask(int prefixLength, int bytes) {
    byte[] mask = new byte[bytes];
    Arrays.fill(mask, 0, prefixLength / 8, (byte) 0xff);
    if (prefixLength % 8 != 0) {
      mask[prefixLength / 8] = (byte) (0xff << (8 - prefixLength % 8));
    }
    return Bytes.of(mask);
  }

  /** SCTP has no words of its own in nf_tables as iptables uses it. */
  private void destinationPorts(int first, int last) {
    if (rule.matches().contains(new Match.ProtocolIs(Protocol.SCTP))) {
      extension("sctp", 0, XtInfo.sctpPorts(first, last));
      return;
    }
    expressions.add(new Payload(Payload.Base.TRANSPORT, 2, 2, 0));
    if (first == last) {
      compare(Bytes.u16Be(first), false);
    } else if (first == 0) {
      expressions.add(new Cmp(CmpOperator.LESS_OR_EQUAL, 0, Bytes.u16Be(last)));
    } else {
      expressions.add(new Range(false, 0, Bytes.u16Be(first), Bytes.u16Be(last)));
    }
  }

  private Expression target(Target target) {
    return switch (target) {
      case Target.Jump(String chain) -> new ImmediateVerdict(Verdict.jump(chain));
      case Target.GoTo(String chain) -> new ImmediateVerdict(Verdict.goTo(chain));
      case Target.Accept _ -> new ImmediateVerdict(Verdict.ACCEPT);
      case Target.Drop _ -> new ImmediateVerdict(Verdict.DROP);
      case Target.Return _ -> new ImmediateVerdict(Verdict.RETURN);
      case Target.Reject(Target.Reject.With with) ->
          new XtTarget("REJECT", 0, XtInfo.reject(with, family));
      case Target.MarkOr(int bits) -> new XtTarget("MARK", 2, XtInfo.mark(bits, bits));
      case Target.MarkXor(int bits) -> new XtTarget("MARK", 2, XtInfo.mark(bits, 0));
      case Target.DestinationNat nat ->
          new XtTarget("DNAT", 2, XtInfo.destinationNat(nat.endpoint()));
      case Target.Masquerade(boolean randomFully) ->
          new XtTarget("MASQUERADE", 0, XtInfo.masquerade(randomFully, family));
    };
  }
}
