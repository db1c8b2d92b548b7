package io.fairlead.dataplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A NetworkPolicy (networking.k8s.io/v1) after the API's defaults. What could not be understood is
 * left out in such a way that it allows nothing: a policy fails closed.
 *
 * @param pods the pods of the policy's namespace that it selects; everything if that could not be
 *     understood
 * @param ingress what may reach them: null if the policy does not isolate them in this direction,
 *     empty if it allows nothing
 * @param egress what they may reach, likewise
 * @param problems a sentence for each part that was left out
 */
public record NetworkPolicyRecord(
    ObjectKey key,
    LabelSelector pods,
    @Nullable List<Rule> ingress,
    @Nullable List<Rule> egress,
    List<String> problems) {

  public NetworkPolicyRecord {
    ingress = ingress == null ? null : List.copyOf(ingress);
    egress = egress == null ? null : List.copyOf(egress);
    problems = List.copyOf(problems);
  }

  /** A policy that was understood whole. */
  public NetworkPolicyRecord(
      ObjectKey key,
      LabelSelector pods,
      @Nullable List<Rule> ingress,
      @Nullable List<Rule> egress) {
    this(key, pods, ingress, egress, List.of());
  }

  /** The rules of a direction, null if the policy does not isolate in it. */
  public @Nullable List<Rule> rules(PolicyDirection direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /**
   * What is allowed: any of the ports with any of the peers.
   *
   * @param peers null for everybody; empty, if none was understood, for nobody
   * @param ports null for all ports of all protocols; empty, if none was understood, for none
   */
  public record Rule(@Nullable List<Peer> peers, @Nullable List<Port> ports) {

    /** What {@code - {}} allows: everything. */
    public static final Rule EVERYTHING = new Rule(null, null);

    public Rule {
      peers = peers == null ? null : List.copyOf(peers);
      ports = ports == null ? null : List.copyOf(ports);
    }
  }

  /** With whom a rule allows traffic. */
  public sealed interface Peer {

    /**
     * Pods, on whatever node, except those of the host network.
     *
     * @param namespaces null for the policy's own namespace
     */
    record Pods(@Nullable LabelSelector namespaces, LabelSelector pods) implements Peer {}

    /**
     * Addresses.
     *
     * @param except networks inside {@code cidr} that are not meant
     */
    record Block(Cidr cidr, List<Cidr> except) implements Peer {
      public Block {
        except = List.copyOf(except);
      }

      public boolean contains(IpAddress address) {
        return cidr.contains(address) && except.stream().noneMatch(hole -> hole.contains(address));
      }
    }
  }

  /** Destination ports that a rule allows. */
  public sealed interface Port {

    Protocol protocol();

    /**
     * Ports by number.
     *
     * @param first at least 0, which with {@code last} 65535 means every port of the protocol
     * @param last at least {@code first}
     */
    record Range(Protocol protocol, int first, int last) implements Port {

      public static Range every(Protocol protocol) {
        return new Range(protocol, 0, 65535);
      }

      public static Range of(Protocol protocol, int port) {
        return new Range(protocol, port, port);
      }
    }

    /** The port that the destination pod has under this name; where it has none, no port. */
    record Named(Protocol protocol, String name) implements Port {}
  }
}
