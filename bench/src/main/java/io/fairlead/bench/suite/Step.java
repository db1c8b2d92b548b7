package io.fairlead.bench.suite;

import io.fairlead.bench.suite.Measurement.Run;
import java.nio.file.Path;
import java.util.List;

/**
 * A measurement that is about to run.
 *
 * @param command the whole command line of the process
 * @param limitSeconds when the process is ended
 * @param folder takes NAME.json, which the process writes, and NAME.log with what it says
 */
record Step(Measurement measurement, Run run, List<String> command, int limitSeconds, Path folder) {

  Step {
    command = List.copyOf(command);
  }

  String name() {
    return measurement.name();
  }

  Path json() {
    return folder.resolve(name() + ".json");
  }

  Path log() {
    return folder.resolve(name() + ".log");
  }
}
