package io.fairlead.cni.ipam;

import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The leases that the reference plugin host-local left in a folder, by default
 * /var/lib/cni/networks/NETWORK: a file for each address, named by it, that holds the container's
 * ID and, since host-local 0.8, on a line of its own the interface's name. Beside them are "lock"
 * and "last_reserved_ip.N". Read only.
 */
final class HostLocalFolder {

  /** More is no lease: an ID has 64 characters, a name 15. */
  private static final int LONGEST_LEASE = 1024;

  private static final String IDENTIFIER = "[A-Za-z0-9][A-Za-z0-9_.-]*";

  private HostLocalFolder() {}

  /**
   * What a folder holds.
   *
   * @param leases of this boot
   * @param stale how many addresses are of containers of an earlier boot
   * @param problems sentences about files that could not be understood
   */
  record Contents(List<ImportedLease> leases, int stale, List<String> problems) {}

  /**
   * Reads a folder. A file that is older than the boot is of a container that is gone. One without
   * content is of none: host-local was stopped before it had written it. One that holds something
   * else keeps its address from being handed out.
   *
   * @throws IOException if there is no such folder, or it cannot be read
   */
  static Contents read(Path folder, Instant boot) throws IOException {
    List<ImportedLease> leases = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int stale = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.equals("lock") || name.startsWith("last_reserved_ip.")) {
          continue;
        }
        IpAddress address = address(name);
        if (address == null) {
          problems.add("the file " + file + " is not named by an address, and is ignored");
          continue;
        }
        try {
          BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
          if (!attributes.isRegularFile()) {
            problems.add(file + " is not a file, and is ignored");
          } else if (attributes.lastModifiedTime().toInstant().isBefore(boot)) {
            stale++;
          } else {
            add(file, address, leases, problems);
          }
        } catch (NoSuchFileException e) {
          // Its container has just been deleted.
        } catch (IOException e) {
          problems.add(
              "the file " + file + " cannot be read (" + e + "); its address is not handed out");
          leases.add(new ImportedLease(address, "", ""));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new Contents(List.copyOf(leases), stale, List.copyOf(problems));
  }

  private static @Nullable IpAddress address(String name) {
    try {
      return IpAddress.parse(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void add(
      Path file, IpAddress address, List<ImportedLease> leases, List<String> problems)
      throws IOException {
    String text;
    try (InputStream input = Files.newInputStream(file)) {
      text = new String(input.readNBytes(LONGEST_LEASE), StandardCharsets.UTF_8).strip();
    }
    if (text.isEmpty()) {
      problems.add("the file " + file + " is empty, so nobody has its address");
      return;
    }
    List<String> lines = text.lines().map(String::strip).toList();
    String name = lines.size() > 1 ? lines.get(1) : "";
    if (lines.size() > 2
        || !lines.getFirst().matches(IDENTIFIER)
        || !(name.isEmpty() || name.matches("\\S+"))) {
      problems.add(
          "the file "
              + file
              + " does not hold a container's ID; its address is not handed out until the file is"
              + " deleted");
      leases.add(new ImportedLease(address, "", ""));
      return;
    }
    leases.add(new ImportedLease(address, lines.getFirst(), name));
  }
}
