package io.fairlead.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.testing.Decoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** What is read of leases: lines of our journal, and files that host-local left. */
class LeaseInputsTest {

  @FuzzTest
  void line(byte[] input) {
    Decoding.of(
        input,
        IllegalStateException.class,
        () -> {
          String content = new String(input, StandardCharsets.UTF_8);
          LeaseLine.parse(content);
          CRC32C crc = new CRC32C();
          crc.update(content.getBytes(StandardCharsets.UTF_8));
          // With a right checksum, so that what is behind it is read.
          LeaseLine line =
              LeaseLine.parse(HexFormat.of().toHexDigits((int) crc.getValue()) + " " + content);
          if (line != null) {
            String text = line.text();
            assertThat(text).endsWith("\n");
            assertThat(LeaseLine.parse(text.substring(0, text.length() - 1))).isEqualTo(line);
          }
        });
  }

  /** The first line names the file, and the rest is in it. */
  @FuzzTest
  void hostLocal(byte[] input) {
    Decoding.of(input, IOException.class, () -> readHostLocal(input));
  }

  private static void readHostLocal(byte[] input) throws IOException {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    String name = end < 0 ? "10.0.0.1" : text.substring(0, end).replaceAll("[^0-9a-z.:_]", "");
    Path folder = Files.createTempDirectory("fairlead-leases");
    try {
      Path file = folder.resolve(name.isEmpty() || name.matches("[.]+") ? "lock" : name);
      if (name.length() < 64) {
        Files.write(file, text.substring(end + 1).getBytes(StandardCharsets.ISO_8859_1));
      }
      HostLocalFolder.Contents contents = HostLocalFolder.read(folder, Instant.EPOCH);
      assertThat(contents.leases()).hasSizeLessThan(2);
      Files.deleteIfExists(file);
    } finally {
      Files.deleteIfExists(folder);
    }
  }
}
