package io.fairlead.cni;

import io.fairlead.dataplane.netlink.NetlinkException;
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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A kernel, shared by several sockets' fault, that fails at a chosen operation. */
final class FaultyKernel implements RouteKernel {

  /** When to fail, and whether everything fails from then on, as if the agent had been killed. */
  static final class Fault {

    private int remaining;
    private final boolean fatal;
    private boolean struck;
    private final Runnable whenStruck;

    Fault(int operationsUntil, boolean fatal, Runnable whenStruck) {
      this.remaining = operationsUntil;
      this.fatal = fatal;
      this.whenStruck = whenStruck;
    }

    boolean hasStruck() {
      return struck;
    }

    private void pass() throws IOException {
      if (struck && fatal) {
        throw new IOException("dead");
      }
    }

    private int allow(int operations) {
      if (struck) {
        return operations;
      }
      int allowed = Math.min(operations, remaining);
      remaining -= allowed;
      return allowed;
    }

    private IOException strike() {
      struck = true;
      whenStruck.run();
      return new IOException("struck");
    }
  }

  /** Sees each operation before the kernel does; it may wait, and may refuse it. */
  interface Inspection {

    Inspection NONE = _ -> {};

    void look(RouteOperation operation) throws NetlinkException;
  }

  private final RouteKernel kernel;
  private final Fault fault;
  private final Inspection inspection;

  FaultyKernel(RouteKernel kernel, Fault fault) {
    this(kernel, fault, Inspection.NONE);
  }

  FaultyKernel(RouteKernel kernel, Fault fault, Inspection inspection) {
    this.kernel = kernel;
    this.fault = fault;
    this.inspection = inspection;
  }

  @Override
  public List<Failure> apply(List<? extends RouteOperation> operations) throws IOException {
    fault.pass();
    int allowed = fault.allow(operations.size());
    List<Failure> failures = new ArrayList<>();
    for (RouteOperation operation : operations.subList(0, allowed)) {
      try {
        inspection.look(operation);
        failures.addAll(kernel.apply(List.of(operation)));
      } catch (NetlinkException e) {
        failures.add(new Failure(operation, e));
      }
    }
    if (allowed < operations.size()) {
      throw fault.strike();
    }
    return failures;
  }

  @Override
  public List<Link> links() throws IOException {
    fault.pass();
    return kernel.links();
  }

  @Override
  public @Nullable Link link(String name) throws IOException {
    fault.pass();
    return kernel.link(name);
  }

  @Override
  public @Nullable Link link(int index) throws IOException {
    fault.pass();
    return kernel.link(index);
  }

  @Override
  public List<LinkAddress> addresses(int linkIndex) throws IOException {
    fault.pass();
    return kernel.addresses(linkIndex);
  }

  @Override
  public List<Route> routes(RouteFilter filter) throws IOException {
    fault.pass();
    return kernel.routes(filter);
  }

  @Override
  public RouteAnswer lookup(RouteLookup lookup) throws IOException {
    fault.pass();
    return kernel.lookup(lookup);
  }

  @Override
  public List<RoutingRule> rules() throws IOException {
    fault.pass();
    return kernel.rules();
  }

  @Override
  public List<Neighbour> neighbours(int linkIndex) throws IOException {
    fault.pass();
    return kernel.neighbours(linkIndex);
  }

  @Override
  public List<ForwardingEntry> forwardingEntries(int linkIndex) throws IOException {
    fault.pass();
    return kernel.forwardingEntries(linkIndex);
  }

  @Override
  public List<BridgePort> bridgePorts() throws IOException {
    fault.pass();
    return kernel.bridgePorts();
  }

  @Override
  public List<QueueDiscipline> queueDisciplines() throws IOException {
    fault.pass();
    return kernel.queueDisciplines();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
