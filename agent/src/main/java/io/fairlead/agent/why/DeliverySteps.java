package io.fairlead.agent.why;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.Route;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How large packets may be, whether the last link is there, and how answers come back. */
record DeliverySteps(NodeFacts facts, Evidence evidence) {

  /** Ethernet, IP, UDP and VXLAN header (RFC 7348, section 5): bytes that a tunnel adds. */
  private static final int OVERHEAD_IPV4 = 50;

  private static final int OVERHEAD_IPV6 = 70;

  /** What limits packets to a size. */
  private record Limit(String where, int bytes) {
    @Override
    public String toString() {
      return where + " " + bytes;
    }
  }

  /** Which size of packets passes; null if nothing can be told. */
  @Nullable Step mtu(Packet packet, @Nullable Link output, @Nullable Route route) {
    if (output == null) {
      return null;
    }
    Link own = sender(packet);
    List<Limit> way = new ArrayList<>();
    way.add(new Limit(output.name(), output.mtu()));
    if (route != null && route.mtu() > 0) {
      way.add(new Limit("the route", route.mtu()));
    }
    Link underlay =
        output.kind() instanceof LinkKind.Vxlan vxlan
            ? evidence.ask(() -> facts.kernel().link(vxlan.underlayIndex()))
            : null;
    if (underlay != null) {
      int overhead = overhead();
      way.add(
          new Limit(
              underlay.name() + " less " + overhead + " for VXLAN", underlay.mtu() - overhead));
    }
    int smallest = way.stream().mapToInt(Limit::bytes).min().orElse(0);
    String limits = String.join(", ", way.stream().map(Limit::toString).toList());
    if (underlay != null && underlay.mtu() - overhead() < output.mtu()) {
      return Step.doubtful(
          Stage.MTU,
          "packets of more than "
              + smallest
              + " bytes are lost: "
              + limits
              + ". Restart the agent after a change of the underlay's MTU, or set --mtu");
    }
    if (own != null && own.mtu() > smallest) {
      return Step.doubtful(
          Stage.MTU,
          "the sender's link takes packets of "
              + own.mtu()
              + " bytes, and the way only "
              + smallest
              + " ("
              + limits
              + "): larger ones depend on ICMP. Make the pod anew to give it the smaller MTU");
    }
    return Step.passes(
        Stage.MTU,
        "packets of up to "
            + (own == null ? smallest : Math.min(own.mtu(), smallest))
            + " bytes pass in one piece: "
            + (own == null ? "" : own.name() + " " + own.mtu() + ", ")
            + limits);
  }

  private int overhead() {
    return facts.serviceNode().addresses().stream()
            .anyMatch(address -> address.family().byteLength() == Integer.BYTES)
        ? OVERHEAD_IPV4
        : OVERHEAD_IPV6;
  }

  private @Nullable Link sender(Packet packet) {
    LocalPod pod = packet.source() instanceof Party.OfPod party ? party.local() : null;
    return pod == null ? null : evidence.ask(() -> facts.kernel().link(pod.hostLink()));
  }

  /** The link of a pod of this node; null if it is elsewhere. */
  @Nullable Step delivery(Target target) {
    LocalPod pod = target.local();
    if (pod == null) {
      return null;
    }
    Link link = evidence.ask(() -> facts.kernel().link(pod.hostLink()));
    if (link == null) {
      return Step.stops(
          Stage.DELIVERY,
          "the interface of pod " + pod.key() + " is gone; have the pod made anew",
          List.of(KernelObject.missing("links", pod.hostLink())));
    }
    Link bridge = evidence.ask(() -> facts.kernel().link(facts.bridge()));
    List<KernelObject> kernel =
        List.of(KernelObject.present("links", link.toString().replaceFirst("^link ", "")));
    if (!link.isRunning()) {
      return Step.stops(
          Stage.DELIVERY,
          "the interface " + link.name() + " of pod " + pod.key() + " is down",
          kernel);
    }
    return bridge != null && link.masterIndex() == bridge.index()
        ? Step.passes(
            Stage.DELIVERY, link.name() + " leads to pod " + pod.key() + "'s eth0", kernel)
        : Step.stops(
            Stage.DELIVERY,
            "the interface "
                + link.name()
                + " of pod "
                + pod.key()
                + " is no port of "
                + facts.bridge(),
            kernel);
  }

  /** How answers find the way. */
  Step back(Packet packet, Target target, SourceTranslation translation) {
    IpAddress seen = target.seenSource();
    String undone =
        target.service() == null
            ? ""
            : "; "
                + packet.entryName()
                + " gives them the address "
                + packet.target()
                + " that was asked";
    return translation.masquerades()
        ? Step.passes(
            Stage.RETURN,
            "the source becomes "
                + seen
                + " of "
                + packet.entryName()
                + ", since "
                + translation.reason()
                + ", so answers come back through it"
                + undone)
        : Step.passes(Stage.RETURN, "answers go to " + packet.sourceAddress() + undone);
  }
}
