package io.fairlead.iptables.rule;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;

/** Matches and targets in the words of iptables-save 1.8.9. */
final class RuleText {

  private RuleText() {}

  static void checkNotNever(Cidr cidr, boolean negated) {
    if (negated && cidr.prefixLength() == 0) {
      throw new IllegalArgumentException("a rule for no address at all: ! " + cidr);
    }
  }

  static void checkComment(String text, int limit) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > limit || text.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException(
          "a comment has 1 to " + limit + " bytes without control characters: " + text);
    }
  }

  static String of(Match match, AddressFamily family, IptablesRule rule) {
    return switch (match) {
      case Match.Source(Cidr cidr, boolean negated) -> address("-s", cidr, negated);
      case Match.Destination(Cidr cidr, boolean negated) -> address("-d", cidr, negated);
      case Match.InInterface(String name, boolean negated) -> not(negated) + " -i " + name;
      case Match.ProtocolIs(Protocol protocol) -> " -p " + protocol(protocol);
      case Match.DestinationPort(int port) ->
          " -m " + protocol(protocolOf(rule)) + " --dport " + port;
      case Match.DestinationPorts(int first, int last) ->
          " -m " + protocol(protocolOf(rule)) + " --dport " + first + ":" + last;
      case Match.Comment(String text) -> " -m comment --comment " + quoted(text);
      case Match.SourceType(boolean negated) -> " -m addrtype" + not(negated) + " --src-type LOCAL";
      case Match.DestinationType(boolean negated) ->
          " -m addrtype" + not(negated) + " --dst-type LOCAL";
      case Match.Mark(int value, int mask, boolean negated) ->
          " -m mark" + not(negated) + " --mark " + hex(value) + (mask == -1 ? "" : "/" + hex(mask));
      case Match.ConnectionState state ->
          " -m conntrack --ctstate "
              + state.states().stream().map(Enum::name).collect(Collectors.joining(","));
      case Match.RandomShare(long share) ->
          String.format(
              Locale.ROOT,
              " -m statistic --mode random --probability %.11f",
              (double) share / Match.RandomShare.ALL);
      case Match.Recent recent -> recent(recent, family);
    };
  }

  private static String address(String option, Cidr cidr, boolean negated) {
    return cidr.prefixLength() == 0 ? "" : not(negated) + " " + option + " " + cidr;
  }

  private static String recent(Match.Recent recent, AddressFamily family) {
    String mask =
        switch (family) {
          case IPV4 -> "255.255.255.255";
          case IPV6 -> "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        };
    return " -m recent "
        + (recent.set() ? "--set" : "--rcheck --seconds " + recent.seconds())
        + (recent.reap() ? " --reap" : "")
        + " --name "
        + recent.name()
        + " --mask "
        + mask
        + " --rsource";
  }

  private static Protocol protocolOf(IptablesRule rule) {
    for (Match match : rule.matches()) {
      if (match instanceof Match.ProtocolIs(Protocol protocol)) {
        return protocol;
      }
    }
    throw new IllegalStateException("the rule's constructor asks for a protocol");
  }

  private static String protocol(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT);
  }

  private static String not(boolean negated) {
    return negated ? " !" : "";
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }

  /** As xtables_save_string does it: words stay bare, quotes and backslashes are escaped. */
  private static String quoted(String text) {
    if (text.matches("[-_0-9A-Za-z]+")) {
      return text;
    }
    return '"' + text.replaceAll("[\"'\\\\]", "\\\\$0") + '"';
  }

  static String of(Target target, AddressFamily family) {
    return switch (target) {
      case Target.Jump(String chain) -> "-j " + chain;
      case Target.GoTo(String chain) -> "-g " + chain;
      case Target.Accept _ -> "-j ACCEPT";
      case Target.Drop _ -> "-j DROP";
      case Target.Return _ -> "-j RETURN";
      case Target.Reject(Target.Reject.With with) ->
          "-j REJECT --reject-with "
              + switch (with) {
                case TCP_RESET -> "tcp-reset";
                case PORT_UNREACHABLE ->
                    switch (family) {
                      case IPV4 -> "icmp-port-unreachable";
                      case IPV6 -> "icmp6-port-unreachable";
                    };
              };
      case Target.MarkOr(int bits) -> "-j MARK --set-xmark " + hex(bits) + "/" + hex(bits);
      case Target.MarkXor(int bits) -> "-j MARK --set-xmark " + hex(bits) + "/0x0";
      case Target.DestinationNat nat -> "-j DNAT --to-destination " + nat.endpoint();
      case Target.Masquerade(boolean randomFully) ->
          "-j MASQUERADE" + (randomFully ? " --random-fully" : "");
    };
  }
}
