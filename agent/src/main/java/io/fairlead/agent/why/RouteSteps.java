package io.fairlead.agent.why;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteAnswer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where this node's kernel sends a packet. Used for one packet. */
final class RouteSteps {

  private final NodeFacts facts;
  private final Evidence evidence;
  private final List<Step> steps = new ArrayList<>();
  private @Nullable Link output;
  private @Nullable Route route;

  RouteSteps(NodeFacts facts, Evidence evidence) {
    this.facts = facts;
    this.evidence = evidence;
  }

  /** The steps so far, in order. */
  List<Step> steps() {
    return steps;
  }

  /** The link that the packet leaves by; null before {@link #take}, and if it does not leave. */
  @Nullable Link output() {
    return output;
  }

  @Nullable Route route() {
    return route;
  }

  /** Looks the route up, and what the overlay has for it. */
  RouteSteps take(Packet packet, Target target) {
    if (target.party() instanceof Party.OfNode node && node.own()) {
      steps.add(Step.passes(Stage.ROUTE, target.address() + " is this node's own"));
      return this;
    }
    RouteAnswer answer =
        evidence.ask(
            () -> facts.kernel().route(packet.sourceAddress(), target.address(), input(packet)));
    switch (answer) {
      case null ->
          steps.add(Step.doubtful(Stage.ROUTE, "the kernel tells no route to " + target.address()));
      case RouteAnswer.Refuses(RouteAnswer.Reason reason, @Nullable Route refusing) ->
          steps.add(
              Step.stops(
                  Stage.ROUTE,
                  "the kernel sends nothing to " + target.address() + ": " + reason.sentence(),
                  refusing == null
                      ? List.of()
                      : List.of(KernelObject.present("routes", text(refusing, null)))));
      case RouteAnswer.Leads(Route found) -> follow(target, found);
    }
    return this;
  }

  private void follow(Target target, Route found) {
    route = found;
    output = evidence.ask(() -> facts.kernel().link(found.outputIndex()));
    KernelObject object = KernelObject.present("routes", text(found, output));
    String name = output == null ? "?" : output.name();
    if (target.local() != null) {
      steps.add(toLocalPod(target, name, object));
    } else if (target.party() instanceof Party.OfNode || target.node() == null) {
      steps.add(Step.passes(Stage.ROUTE, "it leaves by " + name, List.of(object)));
    } else if (target.here()) {
      steps.add(
          Step.stops(
              Stage.ROUTE,
              target.address() + " is of this node's pod network, but no pod has it",
              List.of(object)));
    } else {
      toPodOf(target.node(), target, found, name, object);
    }
  }

  private @Nullable Link input(Packet packet) {
    return switch (packet.source()) {
      case Party.OfPod pod when pod.local() != null ->
          evidence.ask(() -> facts.kernel().link(facts.bridge()));
      case Party.OfNode node when node.own() -> null;
      case Party.OfPod _, Party.OfNode _, Party.OfAddress _, Party.OfService _ -> arrival(packet);
    };
  }

  /** The link by which this node would answer. */
  private @Nullable Link arrival(Packet packet) {
    IpAddress sender = packet.sourceAddress();
    RouteAnswer back = evidence.ask(() -> facts.kernel().route(null, sender, null));
    return back instanceof RouteAnswer.Leads(Route route)
        ? evidence.ask(() -> facts.kernel().link(route.outputIndex()))
        : null;
  }

  private Step toLocalPod(Target target, String name, KernelObject object) {
    return name.equals(facts.bridge())
        ? Step.passes(Stage.ROUTE, "the pod network of this node is on " + name, List.of(object))
        : Step.stops(
            Stage.ROUTE,
            target.address()
                + " is a pod of this node, but the kernel sends its packets to "
                + name
                + " in place of "
                + facts.bridge(),
            List.of(object));
  }

  private void toPodOf(
      NodeRecord node, Target target, Route found, String name, KernelObject object) {
    boolean isTunnel = output != null && output.kind() instanceof LinkKind.Vxlan;
    boolean isDirect = found.gateway() != null && node.addresses().contains(found.gateway());
    boolean isExpected =
        switch (facts.overlay()) {
          case VXLAN -> isTunnel || isDirect;
          case HOST_GW -> isDirect;
          case NONE -> true;
        };
    if (!isExpected) {
      steps.add(
          Step.stops(
              Stage.ROUTE,
              "the route to the pods of "
                  + node.name()
                  + podCidrs(node)
                  + " is missing: the kernel sends the packet by "
                  + name
                  + ", as if it were no pod's",
              List.of(
                  object,
                  KernelObject.missing(
                      "routes",
                      "a route to" + podCidrs(node) + " proto " + Route.PROTOCOL_FAIRLEAD))));
      return;
    }
    steps.add(
        Step.passes(
            Stage.ROUTE,
            "the pods of " + node.name() + " are reached by " + name,
            List.of(object)));
    IpAddress gateway = found.gateway();
    if (isTunnel && output != null && gateway != null) {
      steps.add(tunnel(node, output, gateway));
    } else if (isTunnel) {
      steps.add(
          Step.stops(
              Stage.OVERLAY,
              "the route to " + target.address() + " names no VTEP",
              List.of(object)));
    }
  }

  private static String podCidrs(NodeRecord node) {
    return node.podCidrs().isEmpty()
        ? ""
        : " " + String.join(", ", node.podCidrs().stream().map(Object::toString).toList());
  }

  private Step tunnel(NodeRecord node, Link device, IpAddress gateway) {
    Neighbour neighbour = evidence.ask(() -> facts.kernel().neighbour(device, gateway));
    MacAddress mac = neighbour == null ? null : neighbour.mac();
    if (neighbour == null || mac == null) {
      return Step.stops(
          Stage.OVERLAY,
          device.name() + " does not know the MAC address of " + node.name() + "'s VTEP " + gateway,
          List.of(KernelObject.missing("neighbours of " + device.name(), gateway + " lladdr ...")));
    }
    KernelObject first =
        KernelObject.present("neighbours of " + device.name(), gateway + " lladdr " + mac);
    ForwardingEntry entry = evidence.ask(() -> facts.kernel().tunnelEndpoint(device, mac));
    IpAddress remote = entry == null ? null : entry.destination();
    if (remote == null) {
      return Step.stops(
          Stage.OVERLAY,
          device.name() + " does not know which node has the VTEP " + mac,
          List.of(
              first,
              KernelObject.missing(
                  "forwarding entries of " + device.name(), mac + " dst " + node.addresses())));
    }
    List<KernelObject> kernel =
        List.of(
            first,
            KernelObject.present("forwarding entries of " + device.name(), mac + " dst " + remote));
    return node.addresses().contains(remote)
        ? Step.passes(Stage.OVERLAY, "VXLAN wraps it, to " + remote + " of " + node.name(), kernel)
        : Step.stops(
            Stage.OVERLAY,
            "VXLAN wraps it, but to "
                + remote
                + ", which is not an address of "
                + node.name()
                + " "
                + node.addresses(),
            kernel);
  }

  /** As `ip route` has it, with the link's name. */
  private static String text(Route route, @Nullable Link link) {
    String text = route.toString().replaceFirst("^route ", "");
    return link == null ? text : text.replaceFirst(" dev [0-9]+", " dev " + link.name());
  }
}
