package io.fairlead.iptables.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where programs run: a network namespace. Thread-safe. */
public interface Place {

  /**
   * The calling thread's network namespace. {@link LegacyXtables} calls from a thread of its own,
   * which is in the process's namespace.
   */
  Place HERE =
      new Place() {
        @Override
        public Process start(List<String> command) throws IOException {
          return new ProcessBuilder(command).start();
        }

        @Override
        public String read(Path file) throws IOException {
          return Files.readString(file);
        }
      };

  /**
   * Starts a program.
   *
   * @throws IOException if there is no such program
   */
  Process start(List<String> command) throws IOException;

  /** The content of a file, for example of /proc/thread-self/net, as a thread in there sees it. */
  String read(Path file) throws IOException;
}
