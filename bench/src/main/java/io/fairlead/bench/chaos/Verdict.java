package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.probe.Effect;
import io.fairlead.bench.chaos.probe.Incident;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an incident is a broken promise.
 *
 * @param excuse what brought it about, in words; empty if nothing excuses it
 */
public record Verdict(Incident incident, String excuse) {

  static final String STANDSTILL = "the machine itself stood still";

  /** Whether nothing excuses it. */
  public boolean isBroken() {
    return excuse.isEmpty();
  }

  /** Judges all incidents. */
  static List<Verdict> of(
      List<Incident> incidents, List<FaultRun> faults, List<Standstill.Period> standstills) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Incident incident : incidents) {
      verdicts.add(new Verdict(incident, excuse(incident, faults, standstills)));
    }
    return verdicts;
  }

  private static String excuse(
      Incident incident, List<FaultRun> faults, List<Standstill.Period> standstills) {
    for (FaultRun fault : faults) {
      if (fault.overlaps(incident) && fault.allows(incident.effect())) {
        return fault.step().kind().spelling();
      }
    }
    boolean mayBeLate = incident.effect() == Effect.STALLED || incident.effect() == Effect.REFUSED;
    for (Standstill.Period period : standstills) {
      if (mayBeLate
          && period.startNanos() <= incident.endNanos()
          && period.endNanos() >= incident.startNanos()) {
        return STANDSTILL;
      }
    }
    return "";
  }
}
