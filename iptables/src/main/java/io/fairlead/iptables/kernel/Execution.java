package io.fairlead.iptables.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A program that ran.
 *
 * @param exit its exit status
 * @param error what it printed on its standard error, without white space at the ends
 */
record Execution(int exit, String out, String error) {

  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  /**
   * Runs a program to its end.
   *
   * @param input what it reads from its standard input
   * @param limit after which it is killed
   * @throws IOException if it could not be started, took too long, or the thread was interrupted
   */
  static Execution of(Place place, List<String> command, String input, Duration limit)
      throws IOException {
    Process process;
    try {
      process = place.start(command);
    } catch (IOException e) {
      throw new IOException(
          command.getFirst()
              + " cannot be executed ("
              + e.getMessage()
              + "); install the package iptables, or choose the variant nft",
          e);
    }
    try {
      CompletableFuture<String> out = read(process.getInputStream());
      CompletableFuture<String> error = read(process.getErrorStream());
      VIRTUAL.execute(() -> write(process.getOutputStream(), input));
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            String.join(" ", command) + " did not end within " + limit.toSeconds() + " s");
      }
      return new Execution(process.exitValue(), out.join(), error.join().strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(command.getFirst() + " was given up");
    } finally {
      process.destroyForcibly();
    }
  }

  private static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            return "(" + e.getMessage() + ")";
          }
        },
        VIRTUAL);
  }

  private static void write(OutputStream stream, String input) {
    try (stream) {
      stream.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended before it had read everything, and says why with its exit status.
    }
  }

  /** This, if it succeeded. */
  Execution orFail(List<String> command) throws IOException {
    if (exit != 0) {
      throw new IOException(
          String.join(" ", command)
              + " failed with status "
              + exit
              + (error.isEmpty() ? "" : ": " + error.replace('\n', ' '))
              + mend());
    }
    return this;
  }

  /** The programs' own words for a raw socket that they may not open lead nowhere. */
  private String mend() {
    return error.contains("must be root") || error.contains("unable to initialize table")
        ? ". iptables-legacy needs the capability NET_RAW beside NET_ADMIN; grant it, or choose the"
            + " variant nft"
        : "";
  }
}
