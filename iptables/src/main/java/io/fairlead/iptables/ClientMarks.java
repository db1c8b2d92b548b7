package io.fairlead.iptables;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.util.List;

/**
 * How rules request masquerade: by a bit of the packet mark that table nat's postrouting looks at.
 * It is set in place rather than by a jump to a chain that would set it: nf_tables walks every rule
 * that can be reached, through every jump, whenever any rule is added.
 *
 * @param bit of the packet mark
 * @param pods of which one holds for packets of this node's pods; none if no packet is known to be
 */
record ClientMarks(int bit, List<Match> pods) {

  ClientMarks {
    pods = List.copyOf(pods);
  }

  Target target() {
    return new Target.MarkOr(bit);
  }

  /** The rules that request masquerade for those packets that match. */
  List<IptablesRule> rules(Masquerade masquerade, List<Match> matches) {
    return switch (masquerade) {
      case NOBODY -> List.of();
      case NODE -> List.of(Rules.rule(Rules.and(matches, Rules.FROM_NODE), target()));
      case EVERYBODY -> List.of(Rules.rule(matches, target()));
      case ALL_BUT_LOCAL_PODS ->
          List.of(
              switch (pods.size()) {
                case 0 -> Rules.rule(matches, target());
                case 1 -> Rules.rule(Rules.and(matches, not(pods.getFirst())), target());
                default -> Rules.rule(matches, Rules.MARK_OUTSIDE);
              });
    };
  }

  private static Match not(Match match) {
    return switch (match) {
      case Match.Source(Cidr cidr, boolean negated) -> new Match.Source(cidr, !negated);
      case Match.InInterface(String name, boolean negated) -> new Match.InInterface(name, !negated);
      default -> throw new IllegalArgumentException("pods are not told by " + match);
    };
  }

  /**
   * Whether an endpoint may be a pod of this node, which might reach itself. The answers of others
   * do not need this node: they are masqueraded as any client from outside is.
   */
  boolean mayBeLocal(IpAddress endpoint) {
    return pods.isEmpty()
        || pods.stream()
            .anyMatch(pod ->
                !(pod instanceof Match.Source(Cidr cidr, boolean _)) || cidr.contains(endpoint));
  }
}
