package io.fairlead.bench.lab;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The agent of a node: a process in the node's namespace that is root with NET_ADMIN as its only
 * capability unless it is given more. Its output is appended to a log file. Not thread-safe.
 */
public final class AgentProcess {

  private static final int HEALTH_PORT = 10256;
  private static final Duration STOP_LIMIT = Await.PATIENCE;
  private static final int LOG_LINES_IN_ERRORS = 15;

  private final LabNamespace namespace;
  private final List<String> command;
  private final Path log;
  private final List<String> capabilities = new ArrayList<>(List.of("net_admin"));
  private final Map<String, String> environment = new LinkedHashMap<>();
  private List<String> wrapper = List.of();
  private @Nullable Process process;
  private long startNanos;
  private Duration startTime = Duration.ZERO;

  AgentProcess(LabNamespace namespace, List<String> command, Path log) {
    this.namespace = namespace;
    this.command = List.copyOf(command);
    this.log = log;
  }

  /** Where --metrics-address points to, in the node's namespace. */
  static String metricsAddress() {
    return "127.0.0.1:" + HEALTH_PORT;
  }

  /**
   * Lets it have one more capability from its next start on: programs of iptables-legacy need
   * "net_raw".
   */
  public void keepCapability(String capability) {
    capabilities.add(capability);
  }

  /** Sets a variable of its environment from its next start on. */
  public void setVariable(String name, String value) {
    environment.put(name, value);
  }

  /** Lets a program start it from its next start on, which executes the words after its own. */
  public void startThrough(String... program) {
    wrapper = List.of(program);
  }

  /** Starts the process and does not wait for anything. */
  void start() throws IOException, InterruptedException {
    if (isRunning()) {
      throw new IllegalStateException("the agent of " + namespace.name() + " runs already");
    }
    List<String> line = new ArrayList<>(wrapper);
    line.addAll(
        List.of(
            "setpriv",
            "--bounding-set=-all,+" + String.join(",+", capabilities),
            "--inh-caps=-all",
            "--no-new-privs",
            "--clear-groups",
            "--"));
    line.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    startNanos = System.nanoTime();
    process = namespace.start(builder);
  }

  boolean isRunning() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** The process of an agent that was started. */
  public ProcessHandle handle() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("the agent of " + namespace.name() + " was never started");
    }
    return current.toHandle();
  }

  /** From the start of the process to its being ready, after {@link #waitReady}. */
  public Duration startTime() {
    return startTime;
  }

  /** How much memory the process has in use now (VmRSS of proc(5)), in bytes. */
  public long residentBytes() throws IOException {
    return 1024 * processStatus("VmRSS:");
  }

  /** How many threads it has now. */
  public int threads() throws IOException {
    return (int) processStatus("Threads:");
  }

  private long processStatus(String name) throws IOException {
    Path status = Path.of("/proc", Long.toString(handle().pid()), "status");
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException(status + " has no " + name);
  }

  /** How many descriptors it has open now. */
  public int descriptors() throws IOException {
    Path folder = Path.of("/proc", Long.toString(handle().pid()), "fd");
    try (Stream<Path> open = Files.list(folder)) {
      return (int) open.count();
    }
  }

  /**
   * Waits until /healthz says that the agent is ready, and returns the time since its start.
   *
   * @throws IOException with the end of the log if the agent ends, or is not ready in time
   */
  Duration waitReady(Duration limit) throws IOException, InterruptedException {
    try {
      Await.until(
          "the agent of " + namespace.name() + " is ready",
          limit,
          () -> {
            if (!isRunning()) {
              throw new IOException("the agent of " + namespace.name() + " ended by itself");
            }
            return health("/healthz") == 200;
          });
      startTime = Duration.ofNanos(System.nanoTime() - startNanos);
      return startTime;
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; the end of its log:\n" + logTail(), e);
    }
  }

  /** The HTTP status that {@code path} is answered with; 0 if nobody answers. */
  int health(String path) throws IOException, InterruptedException {
    return namespace.call(() -> status(path));
  }

  private static int status(String path) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), HEALTH_PORT), 1000);
      socket.setSoTimeout(5000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream answer = socket.getInputStream();
      String first = new String(answer.readNBytes(12), StandardCharsets.US_ASCII);
      return first.matches("HTTP/1\\.[01] \\d{3}") ? Integer.parseInt(first.substring(9)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** kill -9, and waits until it is dead. */
  void kill() throws IOException, InterruptedException {
    end(true);
  }

  /** SIGTERM, and waits until it has ended. */
  void stop() throws IOException, InterruptedException {
    end(false);
  }

  private void end(boolean forcibly) throws IOException, InterruptedException {
    Process current = process;
    if (current == null) {
      return;
    }
    if (forcibly) {
      current.destroyForcibly();
    } else {
      current.destroy();
    }
    if (!current.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      current.destroyForcibly();
      throw new IOException(
          "the agent of "
              + namespace.name()
              + " did not end within "
              + STOP_LIMIT.toSeconds()
              + " s and was killed; the end of its log:\n"
              + logTail());
    }
  }

  /** The last lines that the agent wrote. */
  public String logTail() throws IOException {
    if (!Files.exists(log)) {
      return "(it wrote nothing)";
    }
    List<String> lines = Files.readAllLines(log);
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_IN_ERRORS), lines.size()));
  }
}
