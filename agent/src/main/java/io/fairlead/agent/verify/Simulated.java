package io.fairlead.agent.verify;

import io.fairlead.agent.loop.ClusterView;
import java.io.IOException;

/** A subsystem that can tell what it would do if the cluster were another. */
public interface Simulated extends Verifiable {

  /**
   * Tells it, and changes nothing. On the reconciling thread; it costs what it takes to render
   * everything anew, and an audit.
   *
   * @param then the cluster as it would be
   * @throws IOException if it cannot be told, as a sentence
   */
  Simulation simulate(ClusterView then) throws IOException;
}
