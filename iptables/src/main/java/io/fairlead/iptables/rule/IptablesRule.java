package io.fairlead.iptables.rule;

import io.fairlead.dataplane.model.AddressFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a chain.
 *
 * @param matches all must hold. Kept in the order in which iptables prints them: source,
 *     destination, interface and protocol first, at most one of each, then the others as given
 * @param target null to go on with the next rule: the matches alone do something
 */
public record IptablesRule(List<Match> matches, @Nullable Target target) {

  public IptablesRule {
    List<Match> sorted = new ArrayList<>(matches);
    sorted.sort(Comparator.comparingInt(IptablesRule::rank));
    Set<Integer> seen = new HashSet<>();
    for (Match match : sorted) {
      if (rank(match) < EXTENSION && !seen.add(rank(match))) {
        throw new IllegalArgumentException("a rule has at most one " + match);
      }
    }
    matches = List.copyOf(sorted);
    boolean needsProtocol =
        target instanceof Target.DestinationNat
            || matches.stream().anyMatch(IptablesRule::isAboutPorts);
    if (needsProtocol && !seen.contains(PROTOCOL)) {
      throw new IllegalArgumentException("a rule about ports names a protocol: " + sorted);
    }
  }

  private static boolean isAboutPorts(Match match) {
    return match instanceof Match.DestinationPort || match instanceof Match.DestinationPorts;
  }

  private static final int PROTOCOL = 3;
  private static final int EXTENSION = 4;

  private static int rank(Match match) {
    return switch (match) {
      case Match.Source _ -> 0;
      case Match.Destination _ -> 1;
      case Match.InInterface _ -> 2;
      case Match.ProtocolIs _ -> PROTOCOL;
      case Match.DestinationPort _,
          Match.DestinationPorts _,
          Match.Comment _,
          Match.SourceType _,
          Match.DestinationType _,
          Match.Mark _,
          Match.ConnectionState _,
          Match.RandomShare _,
          Match.Recent _ ->
          EXTENSION;
    };
  }

  public static IptablesRule of(@Nullable Target target, Match... matches) {
    return new IptablesRule(List.of(matches), target);
  }

  /** What iptables-save 1.8.9 prints after "-A CHAIN "; empty for a rule without any effect. */
  public String text(AddressFamily family) {
    StringBuilder text = new StringBuilder();
    for (Match match : matches) {
      text.append(match.text(family, this));
    }
    Target decision = target;
    if (decision != null) {
      text.append(' ').append(decision.text(family));
    }
    return text.isEmpty() ? "" : text.substring(1);
  }

  /** The text in IPv4, for people. */
  @Override
  public String toString() {
    return text(AddressFamily.IPV4);
  }
}
