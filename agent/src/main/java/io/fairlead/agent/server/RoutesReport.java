package io.fairlead.agent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/** What {@code GET /routes} of the admin socket answers, as JSON with these names. */
public record RoutesReport(String node, List<Entry> entries) {

  /**
   * A route, neighbour or forwarding entry that leads to another node's pods.
   *
   * @param kind "route", "neighbour" or "forwarding"
   * @param forNode the node for whose sake it is there; empty if it is not wanted
   * @param wanted as the overlay wants it; empty if it should not be there
   * @param state "present", "missing", "different" or, if it is ours and not wanted, "extra"
   * @param found as the kernel holds it; empty if it does not
   */
  public record Entry(String kind, String forNode, String wanted, String state, String found) {}

  public RoutesReport {
    entries = List.copyOf(entries);
  }

  /**
   * Reads a report.
   *
   * @throws JsonProcessingException if it is something else
   */
  public static RoutesReport parse(String json) throws JsonProcessingException {
    return Json.parse(json, RoutesReport.class);
  }
}
