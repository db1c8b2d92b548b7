package io.fairlead.ipvs;

import io.fairlead.dataplane.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/** Is told, once each, what somebody should mend although Services work. */
@FunctionalInterface
public interface Notices {

  /**
   * Called by the thread that commits.
   *
   * @param service whom it concerns; null for all
   * @param sentence what is wrong, what is done instead, and what mends it
   */
  void notice(@Nullable ObjectKey service, String sentence);
}
