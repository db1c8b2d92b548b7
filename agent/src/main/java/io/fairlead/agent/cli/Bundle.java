package io.fairlead.agent.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Texts that become the files of one zip, each after a redaction; and what could not be had. */
final class Bundle {

  /** Makes the text of a file. */
  @FunctionalInterface
  interface Text {
    String make() throws IOException;
  }

  private final Redaction redaction;
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();

  Bundle(Redaction redaction) {
    this.redaction = redaction;
  }

  /** Adds a file, or the reason why it cannot be had. */
  void add(String name, Text text) {
    try {
      files.put(name, redaction.apply(text.make()));
    } catch (IOException e) {
      missing(name, Objects.toString(e.getMessage(), e.toString()));
    } catch (RuntimeException e) {
      missing(name, "unexpectedly: " + e); // One part that fails keeps none of the others out.
    }
  }

  void missing(String name, String reason) {
    missing.put(name, redaction.apply(reason));
  }

  int size() {
    return files.size();
  }

  Map<String, String> missing() {
    return missing;
  }

  private String readme(String about) {
    StringBuilder text = new StringBuilder(about).append("\nFiles:\n");
    files.keySet().forEach(name -> text.append("  ").append(name).append('\n'));
    if (!missing.isEmpty()) {
      text.append("\nNot here, and why:\n");
      missing.forEach((name, reason) ->
          text.append("  ").append(name).append(": ").append(reason.strip()).append('\n'));
    }
    return text.toString();
  }

  /**
   * Writes the zip, whole or not at all; only its owner may read it.
   *
   * @param about the beginning of its README.txt
   */
  void write(Path file, String about) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
    Path draft =
        Files.createTempFile(
            folder,
            ".fairlead",
            ".zip",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (OutputStream out = Files.newOutputStream(draft);
          ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
        put(zip, "README.txt", redaction.apply(readme(about)));
        for (Map.Entry<String, String> entry : files.entrySet()) {
          put(zip, entry.getKey(), entry.getValue());
        }
      }
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void put(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }
}
