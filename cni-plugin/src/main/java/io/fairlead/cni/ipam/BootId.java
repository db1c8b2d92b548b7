package io.fairlead.cni.ipam;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's random identifier of the current boot. */
public final class BootId {

  private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

  private BootId() {}

  /** The identifier: a UUID as text. The same in all containers of a machine. */
  public static String current() throws IOException {
    return Files.readString(FILE).strip();
  }
}
