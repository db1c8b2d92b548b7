package io.fairlead.agent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/**
 * What {@code GET /pods} of the admin socket answers, as JSON with these names.
 *
 * @param pods those that have an attachment, by namespace and name; one for each attachment
 */
public record PodsReport(String node, List<AttachedPod> pods) {

  /**
   * An attachment.
   *
   * @param namespace empty if the runtime did not say, as are name and uid
   * @param network of the CNI configuration
   * @param interfaceName in the pod
   * @param hostLink the name of the other end on the node
   * @param state "attached", "waiting" for its policies to be in force, or "leaving" until its link
   *     is gone
   * @param hostPorts such as "tcp 192.0.2.1:8080 to 80"
   * @param ingressRate to the pod, in bits per second; 0 is no limit
   * @param egressRate from the pod, in bits per second; 0 is no limit
   * @param options what was asked for with the attachment, as the journal of leases has it
   */
  public record AttachedPod(
      String namespace,
      String name,
      String uid,
      String network,
      String container,
      String interfaceName,
      String hostLink,
      List<String> addresses,
      String state,
      List<String> hostPorts,
      long ingressRate,
      long egressRate,
      String options) {

    public AttachedPod {
      addresses = List.copyOf(addresses);
      hostPorts = List.copyOf(hostPorts);
    }
  }

  public PodsReport {
    pods = List.copyOf(pods);
  }

  /** As JSON. */
  public Reply reply() {
    return Json.reply(this);
  }

  /**
   * Reads what {@link #reply} wrote.
   *
   * @throws JsonProcessingException if it is something else
   */
  public static PodsReport parse(String json) throws JsonProcessingException {
    return Json.parse(json, PodsReport.class);
  }
}
