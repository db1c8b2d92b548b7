package io.fairlead.agent.why;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.Json;
import java.util.List;

/**
 * Why a packet goes where it goes, as JSON with these names.
 *
 * @param node whose agent tells
 * @param source who sends
 * @param sourceAddress of the packet; the address that a probe is sent from
 * @param sender where that is
 * @param destination where to, as it was asked
 * @param destinationAddress of the packet
 * @param port of the destination; -1 for protocols without ports
 * @param protocol "tcp", "udp", "sctp" or "icmp"
 * @param sentence the verdict in one sentence
 * @param steps until the ways part
 * @param ways one for each endpoint that may be chosen, or the only one
 * @param connections that the kernel knows between the two now, as conntrack has them
 * @param notes what else one should know
 */
public record WhyReport(
    String node,
    String source,
    String sourceAddress,
    Sender sender,
    String destination,
    String destinationAddress,
    int port,
    String protocol,
    Verdict verdict,
    String sentence,
    List<Step> steps,
    List<Way> ways,
    List<String> connections,
    List<String> notes) {

  /** Where a sender is, as seen from the node whose agent tells. */
  public enum Sender {
    POD_HERE,
    NODE_HERE,
    ELSEWHERE
  }

  /** Whether a new connection is made. */
  public enum Verdict {
    REACHES,
    /** Some endpoints are reached, and some are not. */
    PARTLY,
    STOPS,
    /** Something on the way is not as it should be, or cannot be told. */
    DOUBTFUL
  }

  public WhyReport {
    steps = List.copyOf(steps);
    ways = List.copyOf(ways);
    connections = List.copyOf(connections);
    notes = List.copyOf(notes);
  }

  WhyReport withConnections(List<String> found) {
    return new WhyReport(
        node,
        source,
        sourceAddress,
        sender,
        destination,
        destinationAddress,
        port,
        protocol,
        verdict,
        sentence,
        steps,
        ways,
        found,
        notes);
  }

  /**
   * Reads what the agent answered.
   *
   * @throws JsonProcessingException if it is something else
   */
  public static WhyReport parse(String json) throws JsonProcessingException {
    return Json.parse(json, WhyReport.class);
  }
}
