package io.fairlead.iptables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rules and their parts; those that occur often are shared. */
final class Rules {

  static final Match FROM_NODE = new Match.SourceType(false);
  static final Match TO_NODE = new Match.DestinationType(false);
  static final Target ACCEPT = new Target.Accept();
  static final Target DROP = new Target.Drop();
  static final Target RETURN = new Target.Return();
  static final Target MARK_OUTSIDE = new Target.Jump(ChainNames.MARK_OUTSIDE);
  static final Target REJECT = new Target.Jump(ChainNames.REJECT);

  private static final Match TCP = new Match.ProtocolIs(Protocol.TCP);
  private static final Match UDP = new Match.ProtocolIs(Protocol.UDP);
  private static final Match SCTP = new Match.ProtocolIs(Protocol.SCTP);

  private Rules() {}

  static Match protocol(Protocol protocol) {
    return switch (protocol) {
      case TCP -> TCP;
      case UDP -> UDP;
      case SCTP -> SCTP;
    };
  }

  /** A comment that fits, whatever a Service is called. */
  static Match comment(String text) {
    StringBuilder fitting = new StringBuilder(text.length());
    int bytes = 0;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      boolean printable = !Character.isISOControl(character) && !isSurrogate(character);
      String kept = printable ? Character.toString(character) : "?";
      bytes += kept.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > Match.Comment.LIMIT) {
        break;
      }
      fitting.append(kept);
    }
    return new Match.Comment(fitting.toString());
  }

  private static boolean isSurrogate(int character) {
    return character <= 0xffff && Character.isSurrogate((char) character);
  }

  static IptablesRule rule(List<Match> matches, Target target) {
    return new IptablesRule(matches, target);
  }

  static List<Match> and(List<Match> matches, Match... more) {
    List<Match> all = new ArrayList<>(matches.size() + more.length);
    all.addAll(matches);
    all.addAll(Arrays.asList(more));
    return all;
  }

  /** Conditions of which one at least holds for packets of this node's pods; none if unknown. */
  static List<Match> fromPods(LocalPods pods, AddressFamily family) {
    return switch (pods) {
      case LocalPods.Networks(List<Cidr> cidrs) ->
          cidrs.stream()
              .filter(cidr -> cidr.family() == family)
              .<Match>map(cidr -> new Match.Source(cidr, false))
              .toList();
      case LocalPods.Interface(String name) -> List.of(new Match.InInterface(name, false));
      case LocalPods.InterfacePrefix(String prefix) ->
          List.of(new Match.InInterface(prefix + "+", false));
      case LocalPods.Unknown _ -> List.of();
    };
  }
}
