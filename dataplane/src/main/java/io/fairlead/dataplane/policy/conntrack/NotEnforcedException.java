package io.fairlead.dataplane.policy.conntrack;

import java.io.IOException;

/** The kernel has no policies at present, since somebody removed them: they come back soon. */
public final class NotEnforcedException extends IOException {

  private static final long serialVersionUID = 1;

  /** Says so. */
  public NotEnforcedException() {
    super("policies are not in the kernel at present");
  }
}
