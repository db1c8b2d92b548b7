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
import io.fairlead.dataplane.service.FrontendAddress;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the kernel of this node holds now. For the reconciling thread. */
interface KernelFacts {

  /** What treats an address of a Service, in the order in which packets meet it. */
  List<KernelObject> service(FrontendAddress address) throws IOException;

  /**
   * What judges packets of a pod of this node.
   *
   * @param policy of which the rules are told; null for all
   * @param peer whose membership in sets is told; null for nobody's
   */
  List<KernelObject> policy(
      IpAddress pod,
      PolicyDirection direction,
      @Nullable ObjectKey policy,
      @Nullable IpAddress peer)
      throws IOException;

  /**
   * The route that the kernel takes.
   *
   * @param source null for the one that the kernel would choose
   * @param input the link that the packet came in by; null for one that this node sends
   */
  RouteAnswer route(@Nullable IpAddress source, IpAddress destination, @Nullable Link input)
      throws IOException;

  @Nullable Link link(String name) throws IOException;

  @Nullable Link link(int index) throws IOException;

  /** Which MAC address an address on a link has; null if that is not known. */
  @Nullable Neighbour neighbour(Link link, IpAddress address) throws IOException;

  /** Which tunnel endpoint a VXLAN device sends a MAC address's frames to; null if none. */
  @Nullable ForwardingEntry tunnelEndpoint(Link device, MacAddress mac) throws IOException;
}
