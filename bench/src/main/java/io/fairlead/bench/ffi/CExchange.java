package io.fairlead.bench.ffi;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program in C that makes the same exchanges: {@code netlink-exchange}, built with the dist.
 */
final class CExchange {

  static final String CONTENDER = "floor: C";

  private final Path program;
  private final Path folder;

  private CExchange(Path program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /**
   * The program of the tree that this benchmark was started from.
   *
   * @param folder where it finds requests
   * @return null if there is none
   */
  static @Nullable CExchange find(Path folder) {
    String dist = System.getProperty("fairlead.dist");
    if (dist == null) {
      return null;
    }
    Path program = Path.of(dist, "bench", "netlink-exchange");
    return Files.isExecutable(program) ? new CExchange(program, folder) : null;
  }

  /** The command that makes one exchange, and then rounds of so many milliseconds. */
  List<String> command(Exchange exchange, int rounds, int millis) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add(Integer.toString(exchange.protocol()));
    command.add(Integer.toString(exchange.answered()));
    command.add(Integer.toString(rounds));
    command.add(Integer.toString(millis));
    int number = 0;
    for (byte[] request : exchange.requests()) {
      Path file = folder.resolve(exchange.name() + "-" + number++);
      if (!Files.exists(file)) {
        Files.write(file, request);
      }
      command.add(file.toString());
    }
    return command;
  }

  /** How many nanoseconds an exchange took, for each round. */
  List<Double> rounds(LabNamespace namespace, Exchange exchange, int rounds, int millis)
      throws IOException, InterruptedException {
    String[] command = command(exchange, rounds, millis).toArray(String[]::new);
    return namespace.run(command).lines().skip(1).map(Double::valueOf).toList();
  }
}
