package io.fairlead.dataplane.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * Messages kept as hex files, 16 bytes a line with comments behind {@code #}, at
 * src/test/resources/golden of the module. With {@code -Dfairlead.golden=write} they are written
 * instead of compared: look at the difference before you commit it.
 */
public final class GoldenVector {

  private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

  private GoldenVector() {}

  /** Compares {@code actual} with the file {@code golden/name.hex}, line by line. */
  public static void assertMatches(String name, byte[] actual) {
    if ("write".equals(System.getProperty("fairlead.golden"))) {
      write(Path.of("src/test/resources/golden", name + ".hex"), lines(actual));
      return;
    }
    assertThat(lines(actual)).as("golden/" + name + ".hex").isEqualTo(lines(read(name)));
  }

  /** The bytes of the file {@code golden/name.hex}. */
  public static byte[] read(String name) {
    try (InputStream stream =
        GoldenVector.class.getClassLoader().getResourceAsStream("golden/" + name + ".hex")) {
      if (stream == null) {
        throw new AssertionError("there is no golden/" + name + ".hex");
      }
      String digits =
          new String(stream.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(line -> line.replaceFirst("#.*", "").replaceAll("\\s", ""))
              .collect(Collectors.joining());
      return HexFormat.of().parseHex(digits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lines(byte[] content) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < content.length; at += 16) {
      text.append(SPACED.formatHex(content, at, Math.min(at + 16, content.length))).append('\n');
    }
    return text.toString();
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
