package io.fairlead.bench.chaos.cluster;

import io.fairlead.bench.lab.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an agent takes for the time of day: libfaketime adds an offset that it reads from a file.
 * The monotonic clock and the machine's own time are not touched.
 */
public final class AgentClock {

  private static final List<Path> FOLDERS = List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"));

  private final Path file;

  private AgentClock(Path file) {
    this.file = file;
  }

  /** Where Debian's package faketime keeps the library, if it is installed. */
  static Optional<Path> library() throws IOException {
    for (Path folder : FOLDERS) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> found =
            Files.find(folder, 3, (path, _) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
          Optional<Path> first = found.findFirst();
          if (first.isPresent()) {
            return first;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** From the agent's next start on. */
  static AgentClock install(Node node, Path library) throws IOException {
    AgentClock clock = new AgentClock(node.log().resolveSibling("clock"));
    clock.jump(Duration.ZERO);
    node.agent().setVariable("LD_PRELOAD", library.toString());
    node.agent().setVariable("FAKETIME_TIMESTAMP_FILE", clock.file.toString());
    node.agent().setVariable("FAKETIME_NO_CACHE", "1");
    node.agent().setVariable("DONT_FAKE_MONOTONIC", "1");
    // Its correction for condition variables makes every timed wait of a JVM end at once.
    node.agent().setVariable("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    return clock;
  }

  /** From now on the agent's clock differs by this from the machine's. */
  public void jump(Duration offset) throws IOException {
    String sign = offset.isNegative() ? "" : "+";
    Files.writeString(file, sign + offset.toSeconds() + "\n");
  }
}
