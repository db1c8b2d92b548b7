package io.fairlead.agent.conformance;

import java.util.List;
import java.util.Set;

/** CNI_NETNS that is no pod's. */
final class NamespaceObligations {

  private NamespaceObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
                "netns.absent",
                Obligation.PARAMETERS,
                "ADD to a namespace that does not exist is an error, and leaves nothing.",
                bed -> refused(bed, bed.folder().resolve("no-such-namespace").toString()))
            .shows("3"),
        Obligation.of(
                "netns.other-file",
                Obligation.PARAMETERS,
                "ADD to a file that is no namespace is an error, and leaves nothing.",
                bed -> refused(bed, "/etc/passwd"))
            .shows("3"),
        Obligation.of(
                "netns.of-the-node",
                Obligation.PRACTICE,
                "ADD to the node's own namespace is an error, and leaves the node as it was.",
                bed -> refused(bed, bed.node().path().toString()))
            .shows("6"));
  }

  private static String refused(Testbed bed, String path) throws Exception {
    Attachment pod = bed.container().withNetns(path).withInterface("eth7");
    Answer answer = bed.add(pod);
    String seen = answer.error().toString();
    Unmet.require(bed.node().link("eth7") == null, "the node has got an eth7");
    Set<String> left = bed.residue();
    Unmet.require(left.isEmpty(), "the failed ADD left " + left);
    return seen;
  }
}
