package io.fairlead.agent.why;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.RouteAnswer;
import io.fairlead.dataplane.netlink.route.RouteLookup;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.service.FrontendAddress;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel itself, by a socket of its own for each question. */
final class SocketKernelFacts implements KernelFacts, AutoCloseable {

  private final RouteSocket kernel;
  private final PartsOfKernel parts;

  private SocketKernelFacts(RouteSocket kernel, PartsOfKernel parts) {
    this.kernel = kernel;
    this.parts = parts;
  }

  /**
   * Opens a socket in the calling thread's network namespace.
   *
   * @param parts asked for what is theirs
   */
  static SocketKernelFacts open(PartsOfKernel parts) throws IOException {
    return new SocketKernelFacts(RouteSocket.open(), parts);
  }

  @Override
  public List<KernelObject> service(FrontendAddress address) throws IOException {
    return parts.services().evidence(address);
  }

  @Override
  public List<KernelObject> policy(
      IpAddress pod,
      PolicyDirection direction,
      @Nullable ObjectKey policy,
      @Nullable IpAddress peer)
      throws IOException {
    return parts.policies().evidence(pod, direction, policy, peer);
  }

  @Override
  public RouteAnswer route(@Nullable IpAddress source, IpAddress destination, @Nullable Link input)
      throws IOException {
    RouteLookup any = RouteLookup.to(destination).matchingRoute();
    RouteLookup lookup = source == null ? any : any.from(source);
    return kernel.lookup(input == null ? lookup : lookup.through(input.index()));
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
  public @Nullable Neighbour neighbour(Link link, IpAddress address) throws IOException {
    for (Neighbour neighbour : kernel.neighbours(link.index())) {
      if (neighbour.address().equals(address)) {
        return neighbour;
      }
    }
    return null;
  }

  @Override
  public @Nullable ForwardingEntry tunnelEndpoint(Link device, MacAddress mac) throws IOException {
    for (ForwardingEntry entry : kernel.forwardingEntries(device.index())) {
      if (entry.mac().equals(mac)) {
        return entry;
      }
    }
    return null;
  }

  @Override
  public void close() {
    kernel.close();
  }
}
