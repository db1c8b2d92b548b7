package io.fairlead.agent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.loop.LoopStatus;
import io.fairlead.agent.loop.QueueStatus;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.agent.source.SourceStatus;
import java.util.List;

/**
 * What {@code GET /status} of the admin socket answers, as JSON with these names.
 *
 * @param problems sentences; the agent is healthy if there are none
 * @param queue what waits for the reconciling thread
 * @param endpoints those in use, the busiest first; empty where the mode does not count them
 */
public record StatusReport(
    String version,
    String node,
    long upMilliseconds,
    String overlay,
    String proxyMode,
    List<String> problems,
    SourceStatus source,
    LoopStatus loop,
    QueueStatus queue,
    List<SkippedObject> skipped,
    List<EndpointStatus> endpoints,
    long residentBytes) {

  public StatusReport {
    problems = List.copyOf(problems);
    skipped = List.copyOf(skipped);
    endpoints = List.copyOf(endpoints);
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
  public static StatusReport parse(String json) throws JsonProcessingException {
    return Json.parse(json, StatusReport.class);
  }
}
