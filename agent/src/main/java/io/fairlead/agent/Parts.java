package io.fairlead.agent;

import java.util.List;

/** The parts that a whole agent is made of: what it drives, and how that is removed again. */
public final class Parts {

  private Parts() {}

  public static SubsystemFactory subsystems() {
    return _ -> List.of();
  }

  public static Cleanup cleanup() {
    return _ -> List.of();
  }
}
