package io.fairlead.agent.subsystem.policy.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.agent.server.Reply;
import java.util.List;

/** What {@code GET /flows} of the admin socket answers: a JSON array of flows, the latest first. */
public final class FlowsReply {

  private static final ObjectMapper JSON = new ObjectMapper();

  private FlowsReply() {}

  public static Reply of(List<DeniedFlow> flows) {
    try {
      return new Reply(200, "application/json", JSON.writeValueAsString(flows));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("flows are always JSON", e);
    }
  }
}
