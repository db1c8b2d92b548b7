package io.fairlead.agent.history;

import java.util.Locale;

/** What a change made of an object. */
public enum Effect {
  /** It is as it was. */
  NONE,
  ADDED,
  CHANGED,
  DELETED;

  /** Of a record that takes another's place. */
  public static Effect of(boolean before, boolean after) {
    if (!before) {
      return after ? ADDED : NONE;
    }
    return after ? CHANGED : DELETED;
  }

  /** "added". */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
