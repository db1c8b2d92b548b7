package io.fairlead.agent;

import io.fairlead.agent.metrics.EndpointTraffic;
import java.io.IOException;
import java.util.function.Consumer;

/** A subsystem that can tell what the endpoints of Services are used for. */
public interface EndpointReport {

  /**
   * Reads what the kernel counts for endpoints in use; nothing where it does not. Called by any
   * thread but the reconciling one.
   *
   * @throws IOException if the kernel does not tell
   */
  void endpoints(Consumer<EndpointTraffic.Counters> sink) throws IOException;
}
