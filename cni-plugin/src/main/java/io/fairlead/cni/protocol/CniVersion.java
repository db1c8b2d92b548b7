package io.fairlead.cni.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The released versions of the CNI specification, oldest first. */
public enum CniVersion {
  V0_1_0("0.1.0"),
  V0_2_0("0.2.0"),
  V0_3_0("0.3.0"),
  V0_3_1("0.3.1"),
  V0_4_0("0.4.0"),
  V1_0_0("1.0.0"),
  V1_1_0("1.1.0");

  private final String text;

  CniVersion(String text) {
    this.text = text;
  }

  /** As in "cniVersion". */
  public String text() {
    return text;
  }

  /** All versions' texts, oldest first. */
  static List<String> texts() {
    return Arrays.stream(values()).map(CniVersion::text).toList();
  }

  /**
   * @throws CniException INCOMPATIBLE_VERSION if fairlead does not speak {@code text}
   */
  static CniVersion parse(String text) throws CniException {
    for (CniVersion version : values()) {
      if (version.text.equals(text)) {
        return version;
      }
    }
    throw new CniException(
        CniErrorCode.INCOMPATIBLE_VERSION,
        "cniVersion \"" + text + "\" of the network configuration is not supported",
        "supported are " + texts().stream().collect(Collectors.joining(", ")));
  }
}
