package io.fairlead.iptables;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Spreads connections over endpoints, each with the same probability.
 *
 * <p>Up to {@link #LIMIT} endpoints are one chain, as operators know it: half of its rules are
 * passed on average. More become a tree with sixteen ways at each node, by a hash of the endpoint:
 * an endpoint that comes or goes then changes the rules on its own way only, and a connection to
 * one of 100,000 passes about forty of them.
 *
 * <p>These rules, which are most of all, carry no comments, and an endpoint with nothing but its
 * translation has no chain: nf_tables walks every rule that can be reached whenever a rule is
 * added. The rule that leads to a port's chains says whose they are, and the translation names the
 * endpoint.
 */
final class EndpointChains {

  /** The most endpoints in a chain. */
  static final int LIMIT = 64;

  private static final int FANOUT = 16;
  private static final int DEEPEST = 16;

  private final PortId id;
  private final int affinitySeconds;
  private final ClientMarks marks;

  EndpointChains(PortId id, int affinitySeconds, ClientMarks marks) {
    this.id = id;
    this.affinitySeconds = affinitySeconds;
    this.marks = marks;
  }

  private String name(EndpointAddress endpoint) {
    return ChainNames.hashed("SEP", id.identity() + "/" + endpoint);
  }

  /**
   * Whether there is more to do for an endpoint than its translation: it may be its own client, or
   * its clients are remembered. Only then has it a chain.
   */
  private boolean hasChain(EndpointAddress endpoint) {
    return affinitySeconds > 0 || marks.mayBeLocal(endpoint.address());
  }

  /** The chains of single endpoints. */
  void endpoints(Iterable<EndpointAddress> endpoints, Map<String, List<IptablesRule>> chains) {
    for (EndpointAddress endpoint : endpoints) {
      if (hasChain(endpoint)) {
        chains.put(name(endpoint), chain(endpoint));
      }
    }
  }

  private List<IptablesRule> chain(EndpointAddress endpoint) {
    List<IptablesRule> rules = new ArrayList<>(2);
    if (marks.mayBeLocal(endpoint.address())) {
      Match itself = new Match.Source(Cidr.host(endpoint.address()), false);
      rules.add(Rules.rule(List.of(itself), marks.target()));
    }
    List<Match> remember =
        affinitySeconds > 0 ? List.of(Match.Recent.enter(name(endpoint))) : List.of();
    rules.add(translation(endpoint, remember));
    return rules;
  }

  private IptablesRule translation(EndpointAddress endpoint, List<Match> matches) {
    return Rules.rule(
        Rules.and(matches, Rules.protocol(id.protocol())), new Target.DestinationNat(endpoint));
  }

  /**
   * The rules that end a chain by choosing one of {@code endpoints}.
   *
   * @param set tells the chains below this one from those of the port's other set
   * @param chains takes the chains that the rules lead to, other than the endpoints'
   */
  List<IptablesRule> choice(
      String set, List<EndpointAddress> endpoints, Map<String, List<IptablesRule>> chains) {
    List<IptablesRule> rules = new ArrayList<>();
    if (affinitySeconds > 0) {
      for (EndpointAddress endpoint : endpoints) {
        String name = name(endpoint);
        rules.add(
            Rules.rule(
                List.of(Match.Recent.seenWithin(name, affinitySeconds)), new Target.Jump(name)));
      }
    }
    rules.addAll(spread(set, 0, endpoints, chains));
    return rules;
  }

  private List<IptablesRule> spread(
      String path,
      int depth,
      List<EndpointAddress> endpoints,
      Map<String, List<IptablesRule>> chains) {
    List<IptablesRule> rules = new ArrayList<>();
    int left = endpoints.size();
    if (left <= LIMIT || depth == DEEPEST) {
      for (EndpointAddress endpoint : endpoints) {
        List<Match> share = share(1, left--);
        rules.add(
            hasChain(endpoint)
                ? Rules.rule(share, new Target.Jump(name(endpoint)))
                : translation(endpoint, share));
      }
      return rules;
    }
    List<List<EndpointAddress>> groups = groups(depth, endpoints);
    for (int i = 0; i < FANOUT; i++) {
      List<EndpointAddress> group = groups.get(i);
      if (!group.isEmpty()) {
        String way = path + "/" + Integer.toHexString(i);
        String name = ChainNames.hashed("SVG", id.identity() + "/" + way);
        chains.put(name, spread(way, depth + 1, group, chains));
        rules.add(Rules.rule(share(group.size(), left), new Target.Jump(name)));
        left -= group.size();
      }
    }
    return rules;
  }

  private static List<Match> share(int part, int whole) {
    return part == whole
        ? List.of()
        : List.of(new Match.RandomShare(Math.round((double) Match.RandomShare.ALL * part / whole)));
  }

  private static List<List<EndpointAddress>> groups(int depth, List<EndpointAddress> endpoints) {
    List<List<EndpointAddress>> groups = new ArrayList<>(FANOUT);
    for (int i = 0; i < FANOUT; i++) {
      groups.add(new ArrayList<>());
    }
    for (EndpointAddress endpoint : endpoints) {
      groups.get((int) (hash(endpoint) >>> (60 - 4 * depth)) & (FANOUT - 1)).add(endpoint);
    }
    return groups;
  }

  /**
   * The same in every run: a restart finds the tree that it left. FNV-1a, finalised as in
   * SplitMix64.
   */
  private static long hash(EndpointAddress endpoint) {
    long hash = 0xcbf29ce484222325L ^ endpoint.port();
    for (byte b : endpoint.address().bytes()) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
    return hash ^ hash >>> 31;
  }
}
