package io.fairlead.agent.loop;

import org.jspecify.annotations.Nullable;

/** A subsystem could not bring the kernel to where it should be. */
public final class SubsystemException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient DirtyKeys failed;

  /**
   * @param sentence what failed and what to do about it
   * @param failed the keys to try again
   */
  public SubsystemException(String sentence, DirtyKeys failed, @Nullable Throwable cause) {
    super(sentence, cause);
    this.failed = failed;
  }

  public DirtyKeys failed() {
    return failed;
  }
}
