package io.fairlead.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BootTimeTest {

  @Test
  @DisplayName("the machine was started before this process, and at one time (pod-network 22)")
  void current() throws Exception {
    Instant boot = BootTime.current();
    assertThat(boot)
        .isBefore(
            Files.readAttributes(Path.of("/proc/self"), BasicFileAttributes.class)
                .lastModifiedTime()
                .toInstant()
                .plusSeconds(1))
        .isAfter(Instant.EPOCH);
  }

  @Test
  void parsing() throws IOException {
    assertThat(BootTime.parse(List.of("cpu 1 2", "btime 1700000000", "processes 3")))
        .isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    assertThatIOException().isThrownBy(() -> BootTime.parse(List.of("cpu 1")));
    assertThatIOException().isThrownBy(() -> BootTime.parse(List.of("btime soon")));
  }
}
