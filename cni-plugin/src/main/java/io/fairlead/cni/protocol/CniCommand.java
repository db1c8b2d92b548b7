package io.fairlead.cni.protocol;

import java.util.Arrays;

/** The verbs of CNI_COMMAND, each with the oldest configuration version that has it. */
public enum CniCommand {
  ADD(CniVersion.V0_1_0),
  DEL(CniVersion.V0_1_0),
  CHECK(CniVersion.V0_4_0),
  STATUS(CniVersion.V1_1_0),
  GC(CniVersion.V1_1_0),
  VERSION(CniVersion.V0_1_0);

  private final CniVersion since;

  CniCommand(CniVersion since) {
    this.since = since;
  }

  /**
   * @throws CniException INVALID_ENVIRONMENT if {@code text} is none of the six
   */
  static CniCommand parse(String text) throws CniException {
    for (CniCommand command : values()) {
      if (command.name().equals(text)) {
        return command;
      }
    }
    throw new CniException(
        CniErrorCode.INVALID_ENVIRONMENT,
        "CNI_COMMAND \"" + text + "\" is unknown; it is one of " + Arrays.toString(values()));
  }

  /** Whether a configuration of {@code version} may be used with this verb. */
  boolean existsIn(CniVersion version) {
    return version.compareTo(since) >= 0;
  }

  CniVersion since() {
    return since;
  }
}
