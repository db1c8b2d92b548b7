package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
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
import io.fairlead.dataplane.netlink.nftables.expression.RuleText;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.netlink.nftables.expression.XtMatch;
import io.fairlead.dataplane.netlink.nftables.expression.XtTarget;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldRule;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Match.ConnectionState.State;
import io.fairlead.iptables.rule.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link RuleEncoder} writes. It guesses what expressions mean, and believes the guess
 * only if it is written as the same expressions.
 */
final class RuleDecoder {

  private final AddressFamily family;
  private final List<Match> matches = new ArrayList<>();
  private @Nullable Target target;

  private RuleDecoder(AddressFamily family) {
    this.family = family;
  }

  /** The rule as a snapshot has it. */
  static HeldRule read(AddressFamily family, List<Expression> expressions) {
    IptablesRule rule = decode(family, expressions);
    String text = rule == null ? "nft: " + RuleText.of(expressions) : rule.text(family);
    for (Expression expression : expressions) {
      if (expression instanceof Counter(long packets, long bytes)) {
        return new HeldRule(text, packets, bytes);
      }
    }
    return new HeldRule(text, 0, 0);
  }

  /** The rule, or null if it is none that fairlead has words for. */
  static @Nullable IptablesRule decode(AddressFamily family, List<Expression> expressions) {
    try {
      IptablesRule guess = new RuleDecoder(family).guess(expressions);
      return isWrittenAs(family, guess, expressions) ? guess : null;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null; // Somebody else's rule may hold anything.
    }
  }

  private static boolean isWrittenAs(
      AddressFamily family, IptablesRule rule, List<Expression> expressions) {
    List<Expression> written = RuleEncoder.encode(family, rule);
    if (written.size() != expressions.size()) {
      return false;
    }
    for (int i = 0; i < written.size(); i++) {
      boolean counts = written.get(i) instanceof Counter && expressions.get(i) instanceof Counter;
      if (!counts && !written.get(i).equals(expressions.get(i))) {
        return false;
      }
    }
    return true;
  }

  private IptablesRule guess(List<Expression> expressions) {
    for (int i = 0; i < expressions.size(); i++) {
      switch (expressions.get(i)) {
        case Meta _, Payload _ -> {
          boolean masked = expressions.get(i + 1) instanceof Bitwise;
          Bytes mask = expressions.get(i + 1) instanceof Bitwise bitwise ? bitwise.mask() : null;
          if (expressions.get(masked ? i + 2 : i + 1) instanceof Cmp cmp) {
            field(expressions.get(i), mask, cmp);
          } else if (expressions.get(i + 1) instanceof Range(_, _, Bytes from, Bytes to)) {
            matches.add(new Match.DestinationPorts(from.u16BeAt(0), to.u16BeAt(0)));
          }
          i += masked ? 2 : 1;
        }
        case XtMatch match -> extension(match);
        case XtTarget extension -> target = target(extension);
        case ImmediateVerdict(Verdict verdict) -> target = target(verdict);
        default -> {} // Then it is not written as the same.
      }
    }
    return new IptablesRule(matches, target);
  }

  private void field(Expression field, @Nullable Bytes mask, Cmp cmp) {
    boolean negated = cmp.operator() != CmpOperator.EQUAL;
    Bytes value = cmp.value();
    switch (field) {
      case Meta(MetaKey key, _) when key == MetaKey.IIFNAME ->
          matches.add(new Match.InInterface(interfaceName(value), negated));
      case Meta(MetaKey key, _) when key == MetaKey.L4PROTO -> protocol(value.at(0));
      case Meta(MetaKey key, _) when key == MetaKey.MARK ->
          matches.add(new Match.Mark(value.u32At(0), mask == null ? -1 : mask.u32At(0), negated));
      case Payload(Payload.Base base, int offset, int length, _)
          when base == Payload.Base.NETWORK ->
          address(AddressField.at(offset, family), length, mask, value, negated);
      case Payload(Payload.Base base, _, _, _) when base == Payload.Base.TRANSPORT ->
          matches.add(
              cmp.operator() == CmpOperator.LESS_OR_EQUAL
                  ? new Match.DestinationPorts(0, value.u16BeAt(0))
                  : new Match.DestinationPort(value.u16BeAt(0)));
      default -> {}
    }
  }

  private static String interfaceName(Bytes value) {
    byte[] name = value.toArray();
    boolean exact = name[name.length - 1] == 0;
    String text =
        new String(name, 0, exact ? name.length - 1 : name.length, StandardCharsets.UTF_8);
    return exact ? text : text + "+";
  }

  private void protocol(int number) {
    for (Protocol candidate : Protocol.values()) {
      if (candidate.number() == number) {
        matches.add(new Match.ProtocolIs(candidate));
      }
    }
  }

  private void address(
      @Nullable AddressField field, int length, @Nullable Bytes mask, Bytes value, boolean not) {
    int prefixLength = length * 8;
    if (mask != null) {
      prefixLength = 0;
      while (prefixLength < mask.length() * 8
          && (mask.at(prefixLength / 8) >> (7 - prefixLength % 8) & 1) != 0) {
        prefixLength++;
      }
    }
    IpAddress network = IpAddress.of(Arrays.copyOf(value.toArray(), family.byteLength()));
    Cidr cidr = new Cidr(network, prefixLength);
    switch (field) {
      case SOURCE -> matches.add(new Match.Source(cidr, not));
      case DESTINATION -> matches.add(new Match.Destination(cidr, not));
      case null -> {}
    }
  }

  private void extension(XtMatch match) {
    Bytes info = match.info();
    switch (match.name()) {
      case "comment" -> matches.add(new Match.Comment(XtInfo.comment(info)));
      case "addrtype" -> {
        boolean negated = info.u32At(4) != 0;
        boolean source = info.at(0) + info.at(1) != 0;
        matches.add(source ? new Match.SourceType(negated) : new Match.DestinationType(negated));
      }
      case "conntrack" -> matches.add(states(XtInfo.connectionStates(info)));
      case "statistic" -> matches.add(new Match.RandomShare(Integer.toUnsignedLong(info.u32At(4))));
      case "recent" -> matches.add(XtInfo.recent(info));
      case "sctp" -> matches.add(XtInfo.sctpPorts(info));
      default -> {}
    }
  }

  private static Match states(int bits) {
    EnumSet<State> states = EnumSet.noneOf(State.class);
    for (State state : State.values()) {
      if ((bits & state.bit()) != 0) {
        states.add(state);
      }
    }
    return new Match.ConnectionState(states);
  }

  private static @Nullable Target target(Verdict verdict) {
    return switch (verdict.kind()) {
      case ACCEPT -> new Target.Accept();
      case DROP -> new Target.Drop();
      case RETURN -> new Target.Return();
      case JUMP -> new Target.Jump(verdict.chain());
      case GOTO -> new Target.GoTo(verdict.chain());
      case CONTINUE -> null;
    };
  }

  private @Nullable Target target(XtTarget target) {
    Bytes info = target.info();
    return switch (target.name()) {
      case "DNAT" -> new Target.DestinationNat(XtInfo.destinationNat(info, family));
      case "MASQUERADE" -> {
        Target plain = new Target.Masquerade(false);
        yield info.equals(XtInfo.masquerade(false, family)) ? plain : new Target.Masquerade(true);
      }
      case "MARK" ->
          info.u32At(4) == 0 ? new Target.MarkXor(info.u32At(0)) : new Target.MarkOr(info.u32At(0));
      case "REJECT" ->
          new Target.Reject(
              info.equals(XtInfo.reject(Target.Reject.With.TCP_RESET, family))
                  ? Target.Reject.With.TCP_RESET
                  : Target.Reject.With.PORT_UNREACHABLE);
      default -> null;
    };
  }
}
