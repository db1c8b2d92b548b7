package io.fairlead.dataplane.testing;

import io.fairlead.dataplane.sys.NamespaceThread;
import io.fairlead.dataplane.sys.NetworkNamespace;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A fresh network namespace for a kernel test, with programs of the system run inside it. It is
 * gone with this object, and with the JVM at the latest: nothing names it.
 */
public final class TestNamespace implements AutoCloseable {

  private final NamespaceThread thread;

  private TestNamespace(NamespaceThread thread) {
    this.thread = thread;
  }

  /** A new namespace whose loopback device is up. */
  public static TestNamespace create(String name) throws IOException {
    TestNamespace namespace;
    try {
      namespace = new TestNamespace(NamespaceThread.create(name));
    } catch (SystemCallException e) {
      throw new IOException("kernel tests need root: " + e.getMessage(), e);
    }
    namespace.run("ip", "link", "set", "lo", "up");
    return namespace;
  }

  public NetworkNamespace namespace() {
    return thread.namespace();
  }

  /** Runs {@code work} on a thread inside the namespace. */
  public <T> T call(Callable<T> work) throws Exception {
    return thread.call(work);
  }

  /** What a program printed, and how it ended. */
  public record Output(int exit, String out, String error) {}

  /** Runs a program inside the namespace, for at most 20 s; it must succeed. */
  public String run(String... command) {
    Output output = tryRun(command);
    if (output.exit() != 0) {
      throw new AssertionError(
          String.join(" ", command) + " exited with " + output.exit() + ": " + output.error());
    }
    return output.out();
  }

  /** Runs a program inside the namespace, for at most 20 s. */
  public Output tryRun(String... command) {
    try {
      Process process = start(List.of(command));
      process.getOutputStream().close();
      StringBuilder error = new StringBuilder();
      Thread drain =
          Thread.ofVirtual().start(() -> error.append(readAll(process.getErrorStream())));
      String out = readAll(process.getInputStream());
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " did not end within 20 s");
      }
      drain.join();
      return new Output(process.exitValue(), out, error.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError("running " + String.join(" ", command) + " failed", e);
    }
  }

  /** Starts a program inside the namespace; it is killed when the namespace is closed. */
  public Process start(List<String> command) throws Exception {
    List<String> line = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
    line.addAll(command);
    return thread.call(() -> new ProcessBuilder(line).start());
  }

  private static String readAll(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
