package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.netlink.NetlinkException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Links, addresses and routes of one network namespace. {@link RouteSocket} is the kernel itself,
 * {@code FakeRouteKernel} stands in for it in tests. Lists that are read are consistent: they never
 * mix two states. Not thread-safe.
 */
public interface RouteKernel extends AutoCloseable {

  /** All links, by index. */
  List<Link> links() throws IOException;

  /** The link of that name, or null if there is none. */
  @Nullable Link link(String name) throws IOException;

  /** The link of that index, or null if there is none. */
  @Nullable Link link(int index) throws IOException;

  /** Addresses of both families on one link, or on all if {@code linkIndex} is 0. */
  List<LinkAddress> addresses(int linkIndex) throws IOException;

  /** Routes that the filter matches; those with several next hops show none of them. */
  List<Route> routes(RouteFilter filter) throws IOException;

  /**
   * What the kernel would do with a packet now, by its rules and tables.
   *
   * @throws NetlinkException if the question is refused, such as for a link that does not exist;
   *     not if the packet is, which is an answer
   */
  RouteAnswer lookup(RouteLookup lookup) throws IOException;

  /** Rules of both families; those that do something else than choose a table are left out. */
  List<RoutingRule> rules() throws IOException;

  /** Neighbours on one link, or on all if {@code linkIndex} is 0. */
  List<Neighbour> neighbours(int linkIndex) throws IOException;

  /** Forwarding entries of one bridge port or VXLAN device, or of all if it is 0. */
  List<ForwardingEntry> forwardingEntries(int linkIndex) throws IOException;

  /** All ports of all bridges. */
  List<BridgePort> bridgePorts() throws IOException;

  /** How links queue packets, of all links. */
  List<QueueDiscipline> queueDisciplines() throws IOException;

  /** An operation that the kernel refused. */
  record Failure(RouteOperation operation, NetlinkException cause) {}

  /**
   * Applies the operations in order, each for itself: one that fails stops no other.
   *
   * @return those that failed, in order; empty if all took effect
   * @throws IOException if it is unknown which took effect; read the state again then
   */
  List<Failure> apply(List<? extends RouteOperation> operations) throws IOException;

  /**
   * Applies the operations in order.
   *
   * @throws NetlinkException the first failure, with the others suppressed in it; all other
   *     operations took effect
   */
  default void applyAll(List<? extends RouteOperation> operations) throws IOException {
    List<Failure> failures = apply(operations);
    if (!failures.isEmpty()) {
      NetlinkException first = failures.getFirst().cause();
      failures.stream().skip(1).forEach(failure -> first.addSuppressed(failure.cause()));
      throw first;
    }
  }

  /** Applies the operations in order; see {@link #applyAll(List)}. */
  default void applyAll(RouteOperation... operations) throws IOException {
    applyAll(List.of(operations));
  }

  @Override
  void close();
}
