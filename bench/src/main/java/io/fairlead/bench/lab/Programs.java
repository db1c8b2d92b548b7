package io.fairlead.bench.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Talks to processes that were started with pipes. */
final class Programs {

  /** What every process of a lab is started by: it dies with the thread that started it. */
  static final List<String> BOUND = List.of("setpriv", "--pdeathsig", "KILL");

  private Programs() {}

  /**
   * Writes {@code input}, reads everything that the process prints and waits for its end.
   *
   * @throws IOException if it takes longer than {@code limit}; it is killed then
   */
  static ProgramOutput finish(Process process, String input, Duration limit)
      throws IOException, InterruptedException {
    StringBuilder error = new StringBuilder();
    StringBuilder out = new StringBuilder();
    Thread errorReader = drain(process.getErrorStream(), error);
    Thread outReader = drain(process.getInputStream(), out);
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading its input; its exit status says why.
      error.append("(").append(e.getMessage()).append(") ");
    }
    boolean complete = false;
    try {
      complete = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!complete) {
        throw new IOException(
            process.info().commandLine().orElse("a program")
                + " did not end within "
                + limit.toSeconds()
                + " s");
      }
    } finally {
      if (!complete) {
        process.destroyForcibly();
      }
    }
    errorReader.join();
    outReader.join();
    return new ProgramOutput(process.exitValue(), out.toString(), error.toString());
  }

  private static Thread drain(InputStream stream, StringBuilder into) {
    return Thread.ofVirtual()
        .start(() -> {
          try (stream) {
            into.append(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            into.append("(").append(e.getMessage()).append(")");
          }
        });
  }
}
