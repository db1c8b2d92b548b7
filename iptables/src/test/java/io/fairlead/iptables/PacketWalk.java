package io.fairlead.iptables;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.iptables.kernel.FakeXtables;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Match.ConnectionState.State;
import io.fairlead.iptables.rule.Target;
import io.fairlead.iptables.rule.Target.Reject.With;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Carries the first packet of a connection through the chains, over every way it may take. */
final class PacketWalk {

  /**
   * @param device null from the node itself
   * @param remembered the affinity lists that have the source
   */
  record Packet(
      IpAddress source,
      @Nullable String device,
      IpAddress destination,
      Protocol protocol,
      int port,
      Set<String> remembered) {

    Packet(
        String source, @Nullable String device, String destination, Protocol protocol, int port) {
      this(IpAddress.parse(source), device, IpAddress.parse(destination), protocol, port, Set.of());
    }

    Packet rememberedBy(String... lists) {
      return new Packet(source, device, destination, protocol, port, Set.of(lists));
    }
  }

  /** What becomes of a packet. */
  sealed interface End {
    record Delivered(EndpointAddress to, boolean masqueraded) implements End {}

    record Refused(With with) implements End {}

    record Dropped() implements End {}
  }

  private record Frame(List<IptablesRule> rules, int next, @Nullable Frame caller) {}

  /** A packet on its way. */
  private record Walker(EndpointAddress destination, int mark, boolean masqueraded) {}

  private interface Exit {
    void leave(Walker walker, @Nullable End end, double share);
  }

  private final FakeXtables kernel;
  private final Set<IpAddress> nodeAddresses;
  private final Packet packet;
  private final Map<End, Double> ends = new HashMap<>();

  /** The most rules that were looked at on any way. */
  private int longest;

  /** The lists that entered the source. */
  final Set<String> entered = new HashSet<>();

  PacketWalk(FakeXtables kernel, Set<IpAddress> nodeAddresses, Packet packet) {
    this.kernel = kernel;
    this.nodeAddresses = nodeAddresses;
    this.packet = packet;
  }

  /** The probability of each end. */
  Map<End, Double> run() {
    Walker start = new Walker(new EndpointAddress(packet.destination(), packet.port()), 0, false);
    String first = packet.device() == null ? "OUTPUT" : "PREROUTING";
    table(
        IptablesTable.NAT,
        first,
        start,
        1,
        (translated, _, share) ->
            table(
                IptablesTable.FILTER,
                filterChain(translated),
                translated,
                share,
                (kept, end, part) -> {
                  if (end != null) {
                    ends.merge(end, part, Double::sum);
                    return;
                  }
                  table(
                      IptablesTable.NAT,
                      "POSTROUTING",
                      kept,
                      part,
                      (done, _, rest) -> {
                        if (done.mark != 0) {
                          throw new AssertionError(
                              "the mark " + done.mark + " is left on " + packet);
                        }
                        ends.merge(
                            new End.Delivered(done.destination, done.masqueraded),
                            rest,
                            Double::sum);
                      });
                }));
    return ends;
  }

  int longest() {
    return longest;
  }

  private String filterChain(Walker walker) {
    if (packet.device() == null) {
      return "OUTPUT";
    }
    return nodeAddresses.contains(walker.destination.address()) ? "INPUT" : "FORWARD";
  }

  private void table(IptablesTable table, String chain, Walker walker, double share, Exit exit) {
    List<IptablesRule> rules = kernel.jumps(packet.source().family(), table, chain);
    walk(table, new Frame(rules, 0, null), walker, share, 0, exit);
  }

  private void walk(
      IptablesTable table, Frame start, Walker begin, double weight, int looked, Exit exit) {
    Frame frame = start;
    Walker walker = begin;
    double share = weight;
    int count = looked;
    while (frame != null) {
      if (frame.next == frame.rules.size()) {
        frame = frame.caller;
        continue;
      }
      IptablesRule rule = frame.rules.get(frame.next);
      frame = new Frame(frame.rules, frame.next + 1, frame.caller);
      longest = Math.max(longest, ++count);
      double probability = 1;
      boolean holds = true;
      for (Match match : rule.matches()) {
        if (match instanceof Match.RandomShare(long part)) {
          probability *= (double) part / Match.RandomShare.ALL;
        } else {
          holds &= holds(match, walker);
        }
      }
      if (!holds) {
        continue;
      }
      if (probability < 1) {
        walk(table, frame, walker, share * (1 - probability), count, exit);
        share *= probability;
      }
      switch (rule.target()) {
        case null -> {}
        case Target.Jump(String chain) -> frame = new Frame(chain(table, chain), 0, frame);
        case Target.GoTo(String chain) -> frame = new Frame(chain(table, chain), 0, frame.caller);
        case Target.Return _ -> frame = frame.caller;
        case Target.Accept _ -> frame = null;
        case Target.Drop _ -> {
          exit.leave(walker, new End.Dropped(), share);
          return;
        }
        case Target.Reject(With with) -> {
          exit.leave(walker, new End.Refused(with), share);
          return;
        }
        case Target.MarkOr(int bits) ->
            walker = new Walker(walker.destination, walker.mark | bits, walker.masqueraded);
        case Target.MarkXor(int bits) ->
            walker = new Walker(walker.destination, walker.mark ^ bits, walker.masqueraded);
        case Target.DestinationNat(EndpointAddress endpoint) -> {
          walker = new Walker(endpoint, walker.mark, walker.masqueraded);
          frame = null;
        }
        case Target.Masquerade _ -> {
          walker = new Walker(walker.destination, walker.mark, true);
          frame = null;
        }
      }
    }
    exit.leave(walker, null, share);
  }

  private List<IptablesRule> chain(IptablesTable table, String name) {
    return kernel.rules(packet.source().family(), table, name);
  }

  private boolean holds(Match match, Walker walker) {
    return switch (match) {
      case Match.Source(var cidr, boolean negated) -> cidr.contains(packet.source()) != negated;
      case Match.Destination(var cidr, boolean negated) ->
          cidr.contains(walker.destination.address()) != negated;
      case Match.InInterface(String name, boolean negated) -> isFrom(name) != negated;
      case Match.ProtocolIs(Protocol protocol) -> protocol == packet.protocol();
      case Match.DestinationPort(int port) -> port == walker.destination.port();
      case Match.DestinationPorts(int first, int last) ->
          walker.destination.port() >= first && walker.destination.port() <= last;
      case Match.Comment _ -> true;
      case Match.SourceType(boolean negated) -> nodeAddresses.contains(packet.source()) != negated;
      case Match.DestinationType(boolean negated) ->
          nodeAddresses.contains(walker.destination.address()) != negated;
      case Match.Mark(int value, int mask, boolean negated) ->
          ((walker.mark & mask) == value) != negated;
      case Match.ConnectionState(Set<State> states) -> states.contains(State.NEW);
      case Match.RandomShare _ -> true;
      case Match.Recent recent -> {
        if (recent.set()) {
          entered.add(recent.name());
        }
        yield recent.set() || packet.remembered().contains(recent.name());
      }
    };
  }

  private boolean isFrom(String name) {
    String device = packet.device();
    return device != null
        && (name.endsWith("+")
            ? device.startsWith(name.substring(0, name.length() - 1))
            : device.equals(name));
  }
}
