package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.io.IOException;

/** The node's eth0 and, at the other end of it, its router and all the world. */
final class Underlay {

  /** Of RFC 5737, for documentation: nobody else's. */
  static final IpAddress NODE = IpAddress.parse("192.0.2.11");

  static final IpAddress OUTSIDE = IpAddress.parse("192.0.2.1");

  private Underlay() {}

  static void connect(Sandbox node, Sandbox outside) throws IOException {
    node.apply(
        new RouteOperation.AddVethPair(
            "eth0",
            LinkSettings.NONE,
            "eth0",
            LinkSettings.NONE.withNamespace(outside.namespace().descriptor())));
    configure(node, NODE);
    configure(outside, OUTSIDE);
    Link link = eth0(node);
    node.apply(
        new RouteOperation.Add(Route.to(Cidr.parse("0.0.0.0/0")).via(OUTSIDE).dev(link.index())));
  }

  private static void configure(Sandbox sandbox, IpAddress address) throws IOException {
    sandbox.apply(
        new RouteOperation.ChangeLink(
            new LinkSelector.ByName("eth0"), LinkSettings.NONE.withUp(true)),
        new RouteOperation.Add(LinkAddress.of(eth0(sandbox).index(), address, 24)));
  }

  private static Link eth0(Sandbox sandbox) throws IOException {
    Link link = sandbox.link("eth0");
    if (link == null) {
      throw new IOException("the namespace has lost its eth0");
    }
    return link;
  }
}
