package io.fairlead.overlay;

import io.fairlead.dataplane.netlink.route.BridgePort;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.QueueDiscipline;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteAnswer;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteLookup;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kernel in which somebody else acts right before or right after chosen requests of ours. */
final class MeddledKernel implements RouteKernel {

  /** What somebody else does. */
  interface Meddler {
    Meddler NOBODY = _ -> {};

    void act(List<? extends RouteOperation> ours) throws IOException;
  }

  Meddler before = Meddler.NOBODY;
  Meddler after = Meddler.NOBODY;
  private final RouteKernel kernel;

  MeddledKernel(RouteKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public List<Failure> apply(List<? extends RouteOperation> operations) throws IOException {
    before.act(operations);
    List<Failure> failures = kernel.apply(operations);
    after.act(operations);
    return failures;
  }

  @Override
  public List<Link> links() throws IOException {
    return kernel.links();
  }

  @Override
  public @Nullable Link link(String name) throws IOException {
    return kernel.link(name);
  }

  @Override
  public @Nullable Link link(int index) throws IOException {
    return kernel.link(index);
  }

  @Override
  public List<LinkAddress> addresses(int linkIndex) throws IOException {
    return kernel.addresses(linkIndex);
  }

  @Override
  public List<Route> routes(RouteFilter filter) throws IOException {
    return kernel.routes(filter);
  }

  @Override
  public RouteAnswer lookup(RouteLookup lookup) throws IOException {
    return kernel.lookup(lookup);
  }

  @Override
  public List<RoutingRule> rules() throws IOException {
    return kernel.rules();
  }

  @Override
  public List<Neighbour> neighbours(int linkIndex) throws IOException {
    return kernel.neighbours(linkIndex);
  }

  @Override
  public List<ForwardingEntry> forwardingEntries(int linkIndex) throws IOException {
    return kernel.forwardingEntries(linkIndex);
  }

  @Override
  public List<BridgePort> bridgePorts() throws IOException {
    return kernel.bridgePorts();
  }

  @Override
  public List<QueueDiscipline> queueDisciplines() throws IOException {
    return kernel.queueDisciplines();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
