package io.fairlead.agent.preflight;

/**
 * One thing that was looked at.
 *
 * @param area what it belongs to: "kernel", "rights", "settings", "network", "others" or "runtime"
 * @param found what is the case
 * @param mend what to do about it, as a sentence without its full stop; empty if it is fine
 */
public record Finding(Level level, String area, String subject, String found, String mend) {

  /** How bad it is. */
  public enum Level {
    OK,
    /** The agent works, but not as well as it could, or only as long as nothing comes to it. */
    WARN,
    /** The agent does not work, or not in this configuration. */
    FAIL
  }

  static Finding ok(String area, String subject, String found) {
    return new Finding(Level.OK, area, subject, found, "");
  }

  static Finding warn(String area, String subject, String found, String mend) {
    return new Finding(Level.WARN, area, subject, found, mend);
  }

  static Finding fail(String area, String subject, String found, String mend) {
    return new Finding(Level.FAIL, area, subject, found, mend);
  }
}
