package io.fairlead.agent.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One execution of a plugin, as a process in a node's namespace. */
final class Execution implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final String what;
  private final Process process;
  private final StringBuilder stdout = new StringBuilder();
  private final StringBuilder stderr = new StringBuilder();
  private final Thread[] pumps;
  private final long start;

  private Execution(String what, Process process, String stdin, Gate gate, long start) {
    this.what = what;
    this.process = process;
    this.start = start;
    this.pumps =
        new Thread[] {
          drain(process.getInputStream(), stdout),
          drain(process.getErrorStream(), stderr),
          Thread.ofVirtual()
              .start(() -> {
                gate.pass();
                feed(process.getOutputStream(), stdin);
              })
        };
  }

  /**
   * Starts {@code binary} with these variables beside those of this process that are not CNI's.
   *
   * @param gate holds back its input
   */
  static Execution start(
      Sandbox node,
      String what,
      String binary,
      Map<String, String> variables,
      String stdin,
      Gate gate)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(binary);
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(name -> name.startsWith("CNI_") || name.startsWith("FAIRLEAD_CNI_"));
    environment.putAll(variables);
    return node.call(() -> {
      long start = System.nanoTime();
      return new Execution(what, builder.start(), stdin, gate, start);
    });
  }

  private static void feed(OutputStream stream, String text) {
    try (stream) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading all of its input; what it printed tells why.
      return;
    }
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

  /**
   * Waits for its end.
   *
   * @throws Unmet if it does not end within a minute; it is killed then
   */
  Answer finish() throws InterruptedException, Unmet {
    if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new Unmet(what + " did not end within " + LIMIT.toSeconds() + " s");
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    for (Thread pump : pumps) {
      pump.join();
    }
    return new Answer(what, process.exitValue(), stdout.toString(), stderr.toString(), duration);
  }

  /** kill -9 once it ran for {@code delay}; returns whether it was still alive then. */
  boolean killAfter(Duration delay) throws InterruptedException {
    boolean ended = process.waitFor(delay.toNanos(), TimeUnit.NANOSECONDS);
    process.destroyForcibly().waitFor();
    return !ended;
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
