package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace that exists in memory only, for tests without a kernel. It begins with the
 * loopback device, refuses what the kernel refuses with the same error numbers, and prints its
 * state as canonical text. It makes none of the routes, addresses and neighbours that the kernel
 * makes by itself, and carries no packets. Not thread-safe.
 */
public final class FakeRouteKernel implements RouteKernel {

  private static final int LOOPBACK_MTU = 65536;

  private final FakeLinks links = new FakeLinks(this::linkGone, this::linkDown);
  private final FakeEntries entries = new FakeEntries(links);
  private final FakeQueues queues = new FakeQueues(links);
  private final List<RouteOperation> applied = new ArrayList<>();

  public FakeRouteKernel() {
    links.put("lo", new MacAddress(0), LOOPBACK_MTU, new LinkKind.Other(""));
    setUp("lo");
  }

  private void linkGone(int index) {
    entries.linkGone(index);
    queues.linkGone(index);
  }

  private void linkDown(int index) {
    entries.linkDown(index);
  }

  private void setUp(String name) {
    try {
      links.change(
          new RouteOperation.ChangeLink(LinkSelector.of(name), LinkSettings.NONE.withUp(true)));
    } catch (NetlinkException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Plugs in a network card, which is up, and returns its index. */
  public int addDevice(String name, MacAddress mac, int mtu) {
    int index = links.put(name, mac, mtu, new LinkKind.Other(""));
    setUp(name);
    return index;
  }

  /** Makes {@code descriptor} stand for the namespace {@code other} in link settings. */
  public void addNamespace(OwnedDescriptor descriptor, FakeRouteKernel other) {
    links.knowNamespace(descriptor, other.links);
  }

  /** The operations that took effect since the last call. */
  public List<RouteOperation> takeApplied() {
    List<RouteOperation> taken = List.copyOf(applied);
    applied.clear();
    return taken;
  }

  @Override
  public List<Link> links() {
    return List.copyOf(links.all());
  }

  @Override
  public @Nullable Link link(String name) {
    return links.byName(name);
  }

  @Override
  public @Nullable Link link(int index) {
    return links.byIndex(index);
  }

  @Override
  public List<LinkAddress> addresses(int linkIndex) {
    return entries.of(LinkAddress.class).stream()
        .filter(address -> linkIndex == 0 || address.linkIndex() == linkIndex)
        .toList();
  }

  @Override
  public List<Route> routes(RouteFilter filter) {
    return entries.of(Route.class).stream().filter(filter::matches).toList();
  }

  /** By the tables local and main: rules are not asked, nor sources, inputs and marks. */
  @Override
  public RouteAnswer lookup(RouteLookup lookup) {
    for (int table : new int[] {Route.TABLE_LOCAL, Route.TABLE_MAIN}) {
      Route best =
          entries.of(Route.class).stream()
              .filter(route -> route.table() == table)
              .filter(route -> route.destination().contains(lookup.destination()))
              .min(
                  Comparator.<Route>comparingInt(route -> -route.destination().prefixLength())
                      .thenComparingInt(Route::metric))
              .orElse(null);
      if (best != null) {
        return RouteAnswer.of(lookup.matching() ? best : forOne(best, lookup.destination()));
      }
    }
    return new RouteAnswer.Refuses(RouteAnswer.Reason.NO_ROUTE, null);
  }

  private static Route forOne(Route route, IpAddress destination) {
    return new Route(
        Cidr.host(destination),
        route.gateway(),
        route.outputIndex(),
        route.source(),
        route.table(),
        0,
        Route.SCOPE_UNIVERSE,
        route.type(),
        0,
        route.mtu(),
        false);
  }

  @Override
  public List<RoutingRule> rules() {
    return entries.of(RoutingRule.class);
  }

  @Override
  public List<Neighbour> neighbours(int linkIndex) {
    return entries.of(Neighbour.class).stream()
        .filter(neighbour -> linkIndex == 0 || neighbour.linkIndex() == linkIndex)
        .toList();
  }

  @Override
  public List<ForwardingEntry> forwardingEntries(int linkIndex) {
    return entries.of(ForwardingEntry.class).stream()
        .filter(entry -> linkIndex == 0 || entry.linkIndex() == linkIndex)
        .toList();
  }

  @Override
  public List<BridgePort> bridgePorts() {
    return links.ports();
  }

  @Override
  public List<QueueDiscipline> queueDisciplines() {
    return queues.all();
  }

  @Override
  public List<Failure> apply(List<? extends RouteOperation> operations) {
    List<Failure> failures = new ArrayList<>();
    for (RouteOperation operation : operations) {
      try {
        applyOne(operation);
        applied.add(operation);
      } catch (NetlinkException e) {
        failures.add(new Failure(operation, e));
      }
    }
    return failures;
  }

  private void applyOne(RouteOperation operation) throws NetlinkException {
    switch (operation) {
      case RouteOperation.AddLink add -> links.add(add);
      case RouteOperation.AddVethPair add -> links.add(add);
      case RouteOperation.ChangeLink change -> links.change(change);
      case RouteOperation.ChangeLinkKind change -> links.change(change);
      case RouteOperation.DeleteLink delete -> links.delete(delete);
      case RouteOperation.DeleteLinkGroup delete -> links.delete(delete);
      case RouteOperation.SetBridgePort set -> links.set(set);
      case RouteOperation.SetTokenBucket set -> queues.set(set);
      case RouteOperation.AddIngress add -> queues.add(add);
      case RouteOperation.DeleteIngress delete -> queues.delete(delete);
      case RouteOperation.AddRedirect add -> queues.add(add);
      case RouteOperation.Add(RouteEntry entry) -> entries.add(operation, entry);
      case RouteOperation.Replace(RouteEntry entry) -> entries.replace(operation, entry);
      case RouteOperation.Delete(RouteEntry entry) -> entries.delete(operation, entry);
    }
  }

  /** Everything there is, a line each: links by index, then the entries, sorted as text. */
  public String dump() {
    Stream<String> others =
        Stream.of(
                bridgePorts().stream(),
                queueDisciplines().stream(),
                queues.redirects().stream(),
                addresses(0).stream(),
                routes(RouteFilter.ALL).stream(),
                rules().stream(),
                neighbours(0).stream(),
                forwardingEntries(0).stream())
            .flatMap(stream -> stream.map(Object::toString))
            .sorted();
    return Stream.concat(links().stream().map(Object::toString), others)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Override
  public void close() {}
}
