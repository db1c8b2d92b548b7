package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_ROUTE;
import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.NetlinkBatch;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel's links, addresses and routes, over a netlink socket of its own. Not thread-safe. */
public final class RouteSocket implements RouteKernel {

  private final NetlinkSocket socket;

  private RouteSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * Opens a socket in the calling thread's network namespace, to which it belongs from then on,
   * whichever thread uses it.
   */
  public static RouteSocket open() throws SystemCallException {
    return over(NetlinkSocket.open(NETLINK_ROUTE));
  }

  /**
   * Takes over a NETLINK_ROUTE socket that another process opened, and with it that process's
   * network namespace. Needs NET_ADMIN over that namespace, nothing more. The caller keeps the
   * descriptor if this throws.
   */
  public static RouteSocket adopt(OwnedDescriptor descriptor) throws SystemCallException {
    return over(NetlinkSocket.adopt(descriptor));
  }

  private static RouteSocket over(NetlinkSocket socket) throws SystemCallException {
    try {
      socket.requireStrictChecks();
      return new RouteSocket(socket);
    } catch (SystemCallException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public List<Link> links() throws IOException {
    return socket.dump("list links", RTM_GETLINK, LinkCodec::writeDump, LinkCodec::decode);
  }

  @Override
  public @Nullable Link link(String name) throws IOException {
    return link(LinkSelector.of(name));
  }

  @Override
  public @Nullable Link link(int index) throws IOException {
    return link(LinkSelector.of(index));
  }

  private @Nullable Link link(LinkSelector link) throws IOException {
    try {
      return socket
          .query(
              "read link " + link,
              RTM_GETLINK,
              0,
              writer -> LinkCodec.writeSelector(writer, link),
              LinkCodec::decode)
          .getFirst();
    } catch (NetlinkException e) {
      if (e.isNotFound()) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public List<LinkAddress> addresses(int linkIndex) throws IOException {
    return orEmpty(() ->
        socket.dump(
            "list addresses",
            RTM_GETADDR,
            writer -> LinkAddressCodec.writeDump(writer, linkIndex),
            LinkAddressCodec::decode));
  }

  @Override
  public List<Route> routes(RouteFilter filter) throws IOException {
    AddressFamily only = filter.family();
    List<Route> routes = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      if (only == null || only == family) {
        routes.addAll(
            orEmpty(() ->
                socket.dump(
                    "list routes",
                    RTM_GETROUTE,
                    writer -> RouteCodec.writeDump(writer, family, filter),
                    RouteCodec::decode)));
      }
    }
    return routes;
  }

  @Override
  public RouteAnswer lookup(RouteLookup lookup) throws IOException {
    try {
      return RouteAnswer.of(
          socket
              .query(
                  "look up the route to " + lookup,
                  RTM_GETROUTE,
                  0,
                  writer -> RouteCodec.writeLookup(writer, lookup),
                  RouteCodec::decodeAnswer)
              .getFirst());
    } catch (NetlinkException e) {
      return RouteAnswer.of(e);
    }
  }

  @Override
  public List<RoutingRule> rules() throws IOException {
    List<RoutingRule> rules = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      rules.addAll(
          orEmpty(() ->
              socket.dump(
                  "list rules",
                  RTM_GETRULE,
                  writer -> RoutingRuleCodec.writeDump(writer, family),
                  RoutingRuleCodec::decode)));
    }
    return rules;
  }

  @Override
  public List<Neighbour> neighbours(int linkIndex) throws IOException {
    return orEmpty(() ->
        socket.dump(
            "list neighbours",
            RTM_GETNEIGH,
            writer -> NeighbourCodec.writeDump(writer, linkIndex),
            message -> NeighbourCodec.decode(message) instanceof Neighbour found ? found : null));
  }

  @Override
  public List<ForwardingEntry> forwardingEntries(int linkIndex) throws IOException {
    return orEmpty(() ->
        socket.dump(
            "list forwarding entries",
            RTM_GETNEIGH,
            writer -> NeighbourCodec.writeForwardingDump(writer, linkIndex),
            message ->
                NeighbourCodec.decode(message) instanceof ForwardingEntry found ? found : null));
  }

  @Override
  public List<BridgePort> bridgePorts() throws IOException {
    return socket.dump(
        "list bridge ports", RTM_GETLINK, BridgePortCodec::writeDump, BridgePortCodec::decode);
  }

  @Override
  public List<QueueDiscipline> queueDisciplines() throws IOException {
    return socket.dump(
        "list queueing disciplines", RTM_GETQDISC, TrafficCodec::writeDump, TrafficCodec::decode);
  }

  private interface Dump<T> {
    List<T> read() throws IOException;
  }

  /** Of a link or table that does not exist the kernel says so instead of listing nothing. */
  private static <T> List<T> orEmpty(Dump<T> dump) throws IOException {
    try {
      return dump.read();
    } catch (NetlinkException e) {
      if (e.isNotFound()) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public List<Failure> apply(List<? extends RouteOperation> operations) throws IOException {
    if (operations.isEmpty()) {
      return List.of();
    }
    NetlinkBatch batch = socket.batch();
    for (RouteOperation operation : operations) {
      RouteRequest request = RouteRequest.of(operation);
      batch.add(operation, request.type(), request.flags(), request.body());
    }
    List<Failure> failures = new ArrayList<>();
    for (NetlinkBatch.Failure failure : batch.execute()) {
      failures.add(new Failure(operations.get(failure.index()), failure.cause()));
    }
    return failures;
  }

  @Override
  public void close() {
    socket.close();
  }
}
