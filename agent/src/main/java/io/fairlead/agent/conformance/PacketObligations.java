package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Whether what was attached is connected: a TCP connection each. */
final class PacketObligations {

  private PacketObligations() {}

  static List<Obligation> all() {
    List<Obligation> all = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      String suffix = family == AddressFamily.IPV4 ? "-ipv4" : "-ipv6";
      all.add(
          Obligation.of(
              "packets.pod-to-pod" + suffix,
              Obligation.ADD,
              "Right after ADD packets flow between two pods of the node.",
              bed -> {
                Attachment one = bed.attach();
                Attachment two = bed.attach();
                IpAddress target = address(two, family).ip();
                Packets.flow("from pod to pod", one.pod(), two.pod(), target);
                Packets.flow("back", two.pod(), one.pod(), address(one, family).ip());
                return "both ways, " + address(one, family).ip() + " and " + target;
              }));
      all.add(
          Obligation.of(
              "packets.pod-to-gateway" + suffix,
              Obligation.ADD,
              "Right after ADD packets flow between the pod and its gateway, the node.",
              bed -> {
                Attachment pod = bed.attach();
                Result.Address address = address(pod, family);
                IpAddress gateway = address.gateway();
                if (gateway == null) {
                  throw new Inapplicable("the result has no gateway");
                }
                Packets.flow("from pod to gateway", pod.pod(), bed.node(), gateway);
                Packets.flow("from node to pod", bed.node(), pod.pod(), address.ip());
                return "both ways, " + address.ip() + " and " + gateway;
              }));
    }
    all.add(
        Obligation.of(
            "packets.pod-to-outside",
            Obligation.PRACTICE,
            "A pod reaches the world, which knows no way to the pod network.",
            bed -> {
              Attachment pod = bed.attach();
              address(pod, AddressFamily.IPV4);
              Packets.flow("to the outside", pod.pod(), bed.outside(), Underlay.OUTSIDE);
              return "masqueraded to " + Underlay.OUTSIDE;
            }));
    return all;
  }

  private static Result.Address address(Attachment pod, AddressFamily family)
      throws Unmet, Inapplicable {
    return pod.attached()
        .of(family)
        .orElseThrow(() -> new Inapplicable("the network has no " + family + " addresses"));
  }
}
