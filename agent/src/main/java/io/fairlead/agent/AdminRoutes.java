package io.fairlead.agent;

import io.fairlead.agent.server.Route;
import java.util.Map;

/** A subsystem that answers questions over the admin socket. */
@FunctionalInterface
public interface AdminRoutes {

  /** What answers which path, such as "/pods". Asked once, before the agent runs. */
  Map<String, Route> adminRoutes();
}
