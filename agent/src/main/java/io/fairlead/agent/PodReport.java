package io.fairlead.agent;

import io.fairlead.agent.server.Reply;

/** A subsystem that can tell who is attached, and who has which address. Asked by any thread. */
public interface PodReport {

  /** What {@code GET /pods} of the admin socket answers. */
  Reply pods();

  /** What {@code GET /addresses} of the admin socket answers. */
  Reply addresses();
}
