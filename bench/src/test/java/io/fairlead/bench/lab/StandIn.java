package io.fairlead.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A tree whose agent does nothing but wait, for tests of the lab alone. */
final class StandIn {

  private StandIn() {}

  /** Writes the tree into {@code folder}. */
  static Distribution in(Path folder) throws IOException {
    script(folder.resolve("bin/fairlead"), "grep ^Cap /proc/self/status; exec sleep 600");
    script(folder.resolve("cni/fairlead"), "env | grep ^CNI_ >&2; cat >&2; exit 1");
    return new Distribution(folder);
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
