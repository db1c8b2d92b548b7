package io.fairlead.agent.conformance;

import java.time.Duration;
import java.util.List;

/** GC. */
final class GcObligations {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private GcObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
                "gc.empty-list",
                Obligation.GC,
                "GC with an empty list frees all attachments of the network, and prints nothing.",
                bed -> {
                  Attachment pod = attach(bed);
                  attach(bed);
                  bed.runtime().collectGarbage(pod.network(), List.of()).run().succeededSilently();
                  bed.requireNoResidue("after GC");
                  return "two attachments are gone, nothing is left";
                })
            .shows("14"),
        Obligation.of(
                "gc.keeps-valid",
                Obligation.GC,
                "GC keeps the attachments of its list, and frees the others.",
                bed -> {
                  Attachment kept = attach(bed);
                  Attachment lost = attach(bed);
                  bed.runtime()
                      .collectGarbage(kept.network(), List.of(kept))
                      .run()
                      .succeededSilently();
                  return requireOnly(bed, kept, lost);
                })
            .shows("14"),
        Obligation.of(
                "gc.by-interface",
                Obligation.GC,
                "GC tells two interfaces of one container apart.",
                bed -> {
                  Attachment kept = attach(bed);
                  Attachment lost = bed.attach(kept.withInterface("net1"));
                  bed.runtime()
                      .collectGarbage(kept.network(), List.of(kept))
                      .run()
                      .succeededSilently();
                  return requireOnly(bed, kept, lost);
                })
            .shows("14"),
        Obligation.of(
                "gc.legacy-key",
                Obligation.PRACTICE,
                "GC reads cni.dev/attachments, the key of drafts that runtimes send, if it is alone.",
                bed -> {
                  Attachment kept = attach(bed);
                  Attachment lost = attach(bed);
                  bed.runtime()
                      .about("GC", kept.network())
                      .config("cni.dev/attachments", ContainerRuntime.list(List.of(kept)))
                      .run()
                      .succeededSilently();
                  return requireOnly(bed, kept, lost);
                })
            .shows("14"),
        Obligation.of(
                "gc.other-network",
                Obligation.GC,
                "GC leaves attachments of other networks alone.",
                bed -> {
                  NetworkList network = bed.network(Versions.LATEST);
                  Attachment kept = bed.attach(bed.container().in(network.withName("other")));
                  bed.runtime().collectGarbage(network, List.of()).run().succeededSilently();
                  Packets.flow(
                      "after the GC of another network",
                      bed.node(),
                      kept.pod(),
                      kept.attached().first().ip());
                  return kept.attached().first().ip() + " of network \"other\" is still reached";
                })
            .shows("14"),
        Obligation.of(
            "gc.twice",
            Obligation.GC,
            "GC succeeds when there is nothing to free.",
            bed -> {
              NetworkList network = bed.network(Versions.LATEST);
              for (int i = 0; i < 2; i++) {
                bed.runtime().collectGarbage(network, List.of()).run().succeededSilently();
              }
              return "exit 0 both times";
            }),
        Obligation.of(
            "gc.then-del",
            Obligation.GC,
            "DEL of what GC has freed succeeds.",
            bed -> {
              Attachment pod = attach(bed);
              bed.runtime().collectGarbage(pod.network(), List.of()).run().succeededSilently();
              bed.delete(pod).succeededSilently();
              return "exit 0";
            }),
        Obligation.of(
            "gc.old-configuration",
            Obligation.GC,
            "GC with a configuration older than 1.1.0 is error 1.",
            bed -> {
              bed.network(Versions.LATEST);
              return bed.runtime()
                  .collectGarbage(bed.network("1.0.0"), List.of())
                  .run()
                  .error(1)
                  .toString();
            }));
  }

  private static Attachment attach(Testbed bed) throws Exception {
    return bed.attach(bed.container().in(bed.network(Versions.LATEST)));
  }

  private static String requireOnly(Testbed bed, Attachment kept, Attachment lost)
      throws Exception {
    Unmet.require(
        Waiting.until(PATIENCE, () -> lost.pod().link(lost.interfaceName()) == null),
        "what was not in the list is still attached");
    Packets.flow("to what GC kept", bed.node(), kept.pod(), kept.attached().first().ip());
    return kept.attached().first().ip() + " kept and reached, the other gone";
  }
}
