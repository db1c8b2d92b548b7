package io.fairlead.agent.verify;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.dataplane.evidence.Comparison;
import java.io.IOException;

/** A subsystem that can compare what it keeps in the kernel with what should be there. */
public interface Verifiable {

  /**
   * Compares, and changes nothing. It costs what an audit costs that finds everything right. On the
   * reconciling thread, once everything was applied; what that thread is about to apply may show as
   * a difference.
   *
   * @throws IOException if it cannot be told, as a sentence
   */
  Comparison verify(ClusterView view) throws IOException;
}
