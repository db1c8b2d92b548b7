package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.IpAddress;
import java.time.Duration;
import java.util.List;

/** DEL: it always gets rid of what there is, and never minds what there is not. */
final class DelObligations {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private DelObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
            "del.removes",
            Obligation.DEL,
            "DEL removes the pod's interface and everything on the node; it prints nothing.",
            bed -> {
              Attachment pod = bed.attach();
              bed.detach(pod);
              Unmet.require(
                  Waiting.until(PATIENCE, () -> pod.pod().link("eth0") == null),
                  "the pod still has its eth0");
              bed.requireNoResidue("after DEL");
              return "no link, route, rule or file is left";
            }),
        Obligation.of(
                "del.twice",
                Obligation.DEL,
                "A second DEL succeeds.",
                bed -> {
                  Attachment pod = bed.attach();
                  bed.detach(pod);
                  bed.delete(pod).succeededSilently();
                  return "exit 0 both times";
                })
            .shows("2"),
        Obligation.of(
                "del.never-added",
                Obligation.DEL,
                "DEL of what was never added succeeds.",
                bed -> {
                  bed.delete(bed.container()).succeededSilently();
                  return "exit 0";
                })
            .shows("2"),
        clears(
                "del.without-result",
                "DEL without prevResult succeeds, and clears all the same.",
                pod -> pod.withResult(null))
            .shows("2"),
        clears(
                "del.empty-netns",
                "DEL with an empty CNI_NETNS succeeds, and clears what is on the node.",
                pod -> pod.withNetns(""))
            .shows("3"),
        clears(
                "del.missing-netns",
                "DEL with a path that does not exist succeeds, and clears what is on the node.",
                pod -> pod.withNetns("/run/netns/no-such-namespace"))
            .shows("3"),
        clears(
                "del.namespace-gone",
                "DEL after the namespace has gone succeeds, and clears what is on the node.",
                pod -> {
                  pod.pod().close();
                  return pod.withNetns("/run/netns/no-such-namespace");
                })
            .shows("3"),
        clears(
                "del.interface-gone",
                "DEL after the interface has gone succeeds, and clears what is on the node.",
                pod -> {
                  pod.pod().deleteLink("eth0");
                  return pod;
                })
            .shows("2"),
        Obligation.of(
                "del.reused-netns",
                Obligation.DEL,
                "A late DEL whose path another pod has now leaves that one alone.",
                DelObligations::reused)
            .shows("3"),
        Obligation.of(
            "del.old-arguments",
            Obligation.DEL,
            "DEL succeeds without the CNI_ARGS of ADD.",
            bed -> {
              Attachment pod = bed.attach();
              bed.detach(pod.withArguments(""));
              bed.requireNoResidue("after DEL without CNI_ARGS");
              return "exit 0, nothing left";
            }));
  }

  private interface Change {
    Attachment apply(Attachment pod) throws Exception;
  }

  private static Obligation clears(String id, String text, Change change) {
    return Obligation.of(
        id,
        Obligation.DEL,
        text,
        bed -> {
          Attachment pod = change.apply(bed.attach());
          bed.delete(pod).succeededSilently();
          bed.requireNoResidue("after this DEL");
          return "exit 0, nothing left on the node";
        });
  }

  private static String reused(Testbed bed) throws Exception {
    Attachment old = bed.attach();
    Attachment heir = bed.attach();
    bed.delete(old.withNetns(heir.netns())).succeededSilently();
    IpAddress address = heir.attached().first().ip();
    Unmet.require(heir.pod().hasAddress("eth0", address), "the other pod lost its interface");
    Packets.flow("to the other pod", bed.node(), heir.pod(), address);
    return "the other pod keeps " + address + ", and packets reach it";
  }
}
