package io.fairlead.iptables;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.ServicePortFragment;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The chains of one Service port, a pure function of the port and of how pods are told:
 *
 * <pre>
 *   FW  only clients from some networks, to EXT or EXL (in table filter: refuses just those)
 *   EXT external addresses and node ports: masquerade, to SVC
 *   EXL the same under policy Local: pods and the node itself to SVC, others to SVL
 *   SVC all endpoints, SVL those on this node: one of them, at once or by SEP
 *   SEP one endpoint, where there is more to do than its translation
 * </pre>
 */
final class PortChains {

  private final PortView view;
  private final PortId id;
  private final ServicePortFragment port;
  private final ClientMarks marks;

  PortChains(PortView view, ClientMarks marks) {
    this.view = view;
    this.id = view.id();
    this.port = view.port();
    this.marks = marks;
  }

  /** Those of table nat, each after all that it leads to. */
  Map<String, List<IptablesRule>> nat() {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    boolean cluster = needs(Treatment::reachesCluster) && !port.cluster().isEmpty();
    boolean local = needs(Treatment::reachesLocal) && !port.local().isEmpty();
    EndpointChains endpoints = new EndpointChains(id, port.affinitySeconds(), marks);
    endpoints.endpoints(union(cluster, local), chains);
    if (cluster) {
      List<IptablesRule> rules = marks(Reach.CLUSTER);
      rules.addAll(endpoints.choice("cluster", port.cluster().endpoints(), chains));
      chains.put(Treatment.cluster(id), rules);
    }
    if (local) {
      List<IptablesRule> rules = marks(Reach.LOCAL);
      rules.addAll(endpoints.choice("local", port.local().endpoints(), chains));
      chains.put(Treatment.local(id), rules);
    }
    view.owned()
        .forEach((address, frontend) -> {
          if (Treatment.isServed(port, frontend) && !Treatment.isDirect(address, frontend)) {
            chains.computeIfAbsent(Treatment.external(id, frontend), _ -> external(frontend));
          }
        });
    view.owned()
        .forEach((address, frontend) -> {
          List<Cidr> allowed = frontend.allowedSources();
          if (allowed != null && Treatment.isServed(port, frontend)) {
            chains.put(
                Treatment.firewall(id, address),
                firewall(
                    allowed,
                    new Target.Jump(Treatment.entry(id, address, frontend)),
                    "not admitted",
                    Rules.ACCEPT));
          }
        });
    return chains;
  }

  /** Those of table filter. */
  Map<String, List<IptablesRule>> filter() {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    view.owned()
        .forEach((address, frontend) -> {
          List<Cidr> allowed = frontend.allowedSources();
          if (allowed != null && refusesSome(port, frontend)) {
            chains.put(
                Treatment.firewall(id, address),
                firewall(allowed, Rules.REJECT, "not admitted", Rules.DROP));
          }
        });
    return chains;
  }

  /** Whether there are clients that are told that nobody is there. */
  static boolean refusesSome(ServicePortFragment port, Frontend frontend) {
    return !Treatment.isWhollyServed(port, frontend)
        && Treatment.absence(port, frontend) == Absence.REFUSE;
  }

  private boolean needs(Predicate<Frontend> test) {
    return view.owned().values().stream().anyMatch(test);
  }

  private Iterable<EndpointAddress> union(boolean cluster, boolean local) {
    if (!local) {
      return cluster ? port.cluster().endpoints() : List.of();
    }
    TreeSet<EndpointAddress> union = new TreeSet<>(port.local().endpoints());
    if (cluster) {
      union.addAll(port.cluster().endpoints());
    }
    return union;
  }

  /**
   * Requests masquerade for clients of addresses that lead here at once. Where nothing else leads
   * here, the rule need not say which address.
   */
  private List<IptablesRule> marks(Reach reach) {
    List<IptablesRule> rules = new ArrayList<>();
    boolean only = view.owned().size() == 1;
    view.owned()
        .forEach((address, frontend) -> {
          if (frontend.reach() == reach && Treatment.isDirect(address, frontend)) {
            List<Match> matches = only ? List.of() : DispatchKey.of(address).matches();
            rules.addAll(marks.rules(frontend.masquerade(), matches));
          }
        });
    return rules;
  }

  private List<IptablesRule> external(Frontend frontend) {
    List<IptablesRule> rules = new ArrayList<>();
    rules.addAll(
        marks.rules(frontend.masquerade(), List.of(comment("masquerade external clients"))));
    Target inside =
        port.inside(frontend).isEmpty()
            ? Rules.ACCEPT
            : new Target.Jump(
                frontend.reach() == Reach.LOCAL ? Treatment.local(id) : Treatment.cluster(id));
    if (frontend.reach() != Reach.LOCAL_FROM_OUTSIDE) {
      rules.add(Rules.rule(List.of(comment("external")), inside));
      return rules;
    }
    for (Match pod : marks.pods()) {
      rules.add(Rules.rule(List.of(pod, comment("pods of this node")), inside));
    }
    rules.add(Rules.rule(List.of(comment("this node"), Rules.FROM_NODE), inside));
    rules.add(
        port.outside(frontend).isEmpty()
            ? Rules.rule(List.of(comment("no endpoint on this node")), Rules.ACCEPT)
            : Rules.rule(
                List.of(comment("endpoints on this node")), new Target.Jump(Treatment.local(id))));
    return rules;
  }

  private List<IptablesRule> firewall(
      List<Cidr> allowed, Target admitted, String otherwise, Target refused) {
    List<IptablesRule> rules = new ArrayList<>();
    for (Cidr cidr : allowed) {
      rules.add(Rules.rule(List.of(new Match.Source(cidr, false), comment("admitted")), admitted));
    }
    rules.add(Rules.rule(List.of(comment(otherwise)), refused));
    return rules;
  }

  private Match comment(String remark) {
    return Rules.comment(id + " " + remark);
  }
}
