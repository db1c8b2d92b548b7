package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import java.util.List;

/** ADD that has to fail, and what it may not break. */
final class AddFailureObligations {

  private AddFailureObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
                "add.twice",
                Obligation.ADD,
                "A second ADD of the same attachment is an error, and the first stays whole.",
                AddFailureObligations::twice)
            .shows("1"),
        Obligation.of(
                "add.interface-exists",
                Obligation.ADD,
                "If the pod has such an interface already, ADD is an error, and that one stays.",
                AddFailureObligations::interfaceExists)
            .shows("5"),
        Obligation.of(
                "add.failure-leaves-nothing",
                Obligation.ADD,
                "An ADD that fails undoes what it did, without a DEL.",
                AddFailureObligations::leavesNothing)
            .shows("5"),
        Obligation.of(
            "add.failure-then-success",
            Obligation.ADD,
            "After a failed ADD and its DEL the same attachment can be made.",
            AddFailureObligations::thenSuccess));
  }

  private static String twice(Testbed bed) throws Exception {
    Attachment pod = bed.attach();
    IpAddress address = pod.attached().first().ip();
    String error = bed.add(pod).error().toString();
    Unmet.require(pod.pod().hasAddress("eth0", address), "eth0 lost its address " + address);
    Packets.flow("to the pod after the second ADD", bed.node(), pod.pod(), address);
    bed.detach(pod.withResult(pod.result()));
    bed.requireNoResidue("after the second ADD and one DEL");
    return error;
  }

  private static String interfaceExists(Testbed bed) throws Exception {
    Attachment pod = bed.container();
    pod.pod().addForeignLink("eth0");
    String error = bed.add(pod).error().toString();
    Link link = pod.pod().link("eth0");
    Unmet.require(
        link != null && link.kind() instanceof LinkKind.Bridge,
        "the interface that was there is now " + link);
    return error;
  }

  private static String leavesNothing(Testbed bed) throws Exception {
    Attachment pod = bed.container();
    pod.pod().addForeignLink("eth0");
    String error = bed.add(pod).error().toString();
    bed.requireNoResidue("after an ADD that failed");
    return error;
  }

  private static String thenSuccess(Testbed bed) throws Exception {
    Attachment pod = bed.container();
    pod.pod().addForeignLink("eth0");
    bed.add(pod).error();
    bed.delete(pod).succeededSilently();
    if (pod.pod().link("eth0") != null) {
      pod.pod().deleteLink("eth0");
    }
    return bed.attach(pod).attached().first().ip().toString();
  }
}
