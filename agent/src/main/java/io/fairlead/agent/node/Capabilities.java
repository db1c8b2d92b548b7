package io.fairlead.agent.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The capabilities of this process (capabilities(7)). */
public final class Capabilities {

  /** CAP_NET_ADMIN of linux/capability.h. */
  private static final int NET_ADMIN = 12;

  private Capabilities() {}

  /** Why this process may not change the network, or empty if it may. */
  public static Optional<String> missing() throws IOException {
    return missing(Files.readString(Path.of("/proc/self/status")));
  }

  /**
   * The effective capabilities as bits.
   *
   * @param status of /proc/PID/status
   */
  public static long effective(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("CapEff:"))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .findFirst()
        .orElse(0);
  }

  static Optional<String> missing(String status) {
    if ((effective(status) >>> NET_ADMIN & 1) != 0) {
      return Optional.empty();
    }
    return Optional.of(
        "this process lacks the capability NET_ADMIN; run fairlead as root, or give its container"
            + " securityContext.capabilities.add: [NET_ADMIN]");
  }
}
