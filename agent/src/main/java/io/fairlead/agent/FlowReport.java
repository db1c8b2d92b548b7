package io.fairlead.agent;

import io.fairlead.agent.server.Reply;

/** A subsystem that can tell which flows were denied. */
public interface FlowReport {

  /** What {@code GET /flows} of the admin socket answers. Called by any thread. */
  Reply flows();
}
