package io.fairlead.iptables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.iptables.kernel.BuiltInJump;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Match.ConnectionState;
import io.fairlead.iptables.rule.Match.ConnectionState.State;
import io.fairlead.iptables.rule.Target;
import io.fairlead.iptables.rule.Target.Reject;
import io.fairlead.iptables.rule.Target.Reject.With;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What does not depend on Services: a pure function of the settings, for one family. */
final class BaseChains {

  private final AddressFamily family;
  private final ServiceSettings settings;

  BaseChains(AddressFamily family, ServiceSettings settings) {
    this.family = family;
    this.settings = settings;
  }

  ClientMarks marks() {
    return new ClientMarks(settings.masqueradeMark(), Rules.fromPods(settings.localPods(), family));
  }

  /** The chains of table nat that others lead to. */
  Map<String, List<IptablesRule>> nat() {
    int mark = settings.masqueradeMark();
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    ClientMarks marks = marks();
    if (marks.pods().size() > 1) {
      List<IptablesRule> outside = new ArrayList<>();
      for (Match pod : marks.pods()) {
        outside.add(Rules.rule(List.of(pod, Rules.comment("pods of this node")), Rules.RETURN));
      }
      outside.add(Rules.rule(List.of(), marks.target()));
      chains.put(ChainNames.MARK_OUTSIDE, outside);
    }
    chains.put(
        ChainNames.POSTROUTING,
        List.of(
            Rules.rule(List.of(new Match.Mark(mark, mark, true)), Rules.RETURN),
            Rules.rule(List.of(), new Target.MarkXor(mark)),
            Rules.rule(
                List.of(Rules.comment("clients of Services whose answers must come back here")),
                new Target.Masquerade(settings.masqueradeRandomly()))));
    return chains;
  }

  /** The chains of table filter that others lead to. */
  Map<String, List<IptablesRule>> filter() {
    return Map.of(
        ChainNames.REJECT,
        List.of(
            Rules.rule(List.of(Rules.protocol(Protocol.TCP)), new Reject(With.TCP_RESET)),
            Rules.rule(List.of(), new Reject(With.PORT_UNREACHABLE))));
  }

  /**
   * The first rules of the node ports' chains. Programs on the node that listen on the loopback
   * address keep it to themselves.
   */
  List<IptablesRule> nodePortsHead() {
    Cidr loopback =
        switch (family) {
          case IPV4 -> Cidr.parse("127.0.0.0/8");
          case IPV6 -> Cidr.parse("::1/128");
        };
    return List.of(
        Rules.rule(
            List.of(
                new Match.Destination(loopback, false),
                Rules.comment("no node ports on loopback addresses")),
            Rules.RETURN));
  }

  /** The rules by which packets come to the node ports. */
  private List<IptablesRule> toNodePorts() {
    Match comment = Rules.comment("node ports");
    Target jump = new Target.Jump(ChainNames.NODE_PORTS);
    List<Cidr> restricted = settings.nodePortAddresses(family);
    if (restricted.isEmpty()) {
      return List.of(Rules.rule(List.of(comment, Rules.TO_NODE), jump));
    }
    return restricted.stream()
        .sorted()
        .distinct()
        .map(cidr ->
            Rules.rule(List.of(new Match.Destination(cidr, false), comment, Rules.TO_NODE), jump))
        .toList();
  }

  /** The last rules of table nat's first chain. */
  List<IptablesRule> servicesTail() {
    return toNodePorts();
  }

  /** The last rules of table filter's first chain. */
  List<IptablesRule> unservedTail() {
    List<IptablesRule> rules = new ArrayList<>(toNodePorts());
    settings.serviceCidrs().stream()
        .filter(cidr -> cidr.family() == family)
        .sorted()
        .distinct()
        .forEach(cidr ->
            rules.add(
                Rules.rule(
                    List.of(
                        new Match.Destination(cidr, false),
                        Rules.comment("cluster IPs that no Service has")),
                    Rules.DROP)));
    return rules;
  }

  /** The rules of built-in chains. */
  static List<BuiltInJump> jumps(IptablesTable table) {
    return switch (table) {
      case NAT ->
          List.of(
              jump("PREROUTING", ChainNames.SERVICES, Rules.comment("fairlead: Services")),
              jump("OUTPUT", ChainNames.SERVICES, Rules.comment("fairlead: Services")),
              jump("POSTROUTING", ChainNames.POSTROUTING, Rules.comment("fairlead: Services")));
      case FILTER ->
          List.of("INPUT", "FORWARD", "OUTPUT").stream()
              .map(chain ->
                  jump(
                      chain,
                      ChainNames.UNSERVED,
                      ConnectionState.of(State.NEW),
                      Rules.comment("fairlead: what no Service translated")))
              .toList();
      case MANGLE -> List.of();
    };
  }

  private static BuiltInJump jump(String from, String to, Match... matches) {
    return new BuiltInJump(from, IptablesRule.of(new Target.Jump(to), matches), true);
  }
}
