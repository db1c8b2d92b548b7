package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The capability portMappings. */
final class PortObligations {

  private static final int HOST_PORT = 18080;
  private static final int POD_PORT = 8080;

  private static final String MAPPING =
      "[{\"hostPort\":%d,\"containerPort\":%d,\"protocol\":\"tcp\"}]"
          .formatted(HOST_PORT, POD_PORT);

  private PortObligations() {}

  static List<Obligation> all() {
    return List.of(
        CapabilityObligations.capability(
            "portMappings",
            "portMappings: the node's port leads to the pod, from outside.",
            MAPPING,
            (bed, pod) -> {
              Packets.flow(
                  "to the host port", bed.outside(), pod.pod(), Underlay.NODE, HOST_PORT, POD_PORT);
              return Underlay.NODE + ":" + HOST_PORT + " leads to the pod's port " + POD_PORT;
            }),
        CapabilityObligations.capability(
            "portMappings-node",
            "portMappings: the port leads to the pod from the node itself, too.",
            MAPPING,
            (bed, pod) -> {
              Packets.flow(
                  "to the host port", bed.node(), pod.pod(), Underlay.NODE, HOST_PORT, POD_PORT);
              return Underlay.NODE + ":" + HOST_PORT + " leads to the pod's port " + POD_PORT;
            }),
        CapabilityObligations.capability(
                "portMappings-conflict",
                "portMappings: a port that another pod has is an error, and that pod keeps it.",
                MAPPING,
                (bed, pod) -> {
                  JsonNode asked = NetworkList.JSON.readTree(MAPPING);
                  Answer second = bed.add(bed.container().offering("portMappings", asked));
                  String seen = second.error().toString();
                  Packets.flow(
                      "to the host port of the first pod",
                      bed.outside(),
                      pod.pod(),
                      Underlay.NODE,
                      HOST_PORT,
                      POD_PORT);
                  return seen;
                })
            .shows("37"),
        CapabilityObligations.capability(
            "portMappings-gone",
            "portMappings: after DEL the port is free for another pod.",
            MAPPING,
            (bed, pod) -> {
              bed.detach(pod.withNetns(""));
              bed.requireNoResidue("after DEL");
              Attachment next =
                  bed.attach(
                      bed.container().offering("portMappings", NetworkList.JSON.readTree(MAPPING)));
              Packets.flow(
                  "to the host port",
                  bed.outside(),
                  next.pod(),
                  Underlay.NODE,
                  HOST_PORT,
                  POD_PORT);
              return "it leads to the next pod";
            }));
  }
}
