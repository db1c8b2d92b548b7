package io.fairlead.agent.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An agent of fairlead for the node: a process in its namespace. Not thread-safe. */
final class NodeAgent implements AutoCloseable {

  private static final String SETPRIV = "/usr/bin/setpriv";
  private static final int STOP_SECONDS = 20;

  private final Sandbox node;
  private final List<String> command;
  private final Path log;
  private final Thread hook = Thread.ofPlatform().unstarted(this::destroy);
  private Process process;

  private NodeAgent(Sandbox node, List<String> command, Path log) throws IOException {
    this.node = node;
    this.command = command;
    this.log = log;
    this.process = launch();
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static Path socket(Path folder) {
    return folder.resolve("cni.sock");
  }

  static Path queue(Path folder) {
    return folder.resolve("state/cni-deletes");
  }

  /**
   * Starts an agent that keeps everything in {@code folder}.
   *
   * @param launcher the command up to the flags of "fairlead agent"
   */
  static NodeAgent start(Sandbox node, List<String> launcher, Path folder) throws IOException {
    Path manifests = Files.createDirectories(folder.resolve("manifests"));
    Files.createDirectories(folder.resolve("state"));
    Files.writeString(
        manifests.resolve("node.yaml"),
        """
        apiVersion: v1
        kind: Node
        metadata: {name: conformance}
        spec: {podCIDR: "%1$s", podCIDRs: ["%1$s", "%2$s"]}
        status:
          addresses:
            - {type: InternalIP, address: "%3$s"}
        """
            .formatted(GeneratedNetwork.IPV4, GeneratedNetwork.IPV6, Underlay.NODE));
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of(SETPRIV))) {
      // It dies with the namespace's thread, even if this process is killed.
      command.addAll(List.of(SETPRIV, "--pdeathsig", "KILL", "--"));
    }
    command.addAll(launcher);
    command.addAll(
        List.of(
            "agent",
            "--manifests",
            manifests.toString(),
            "--node-name",
            "conformance",
            "--overlay",
            "none",
            "--cluster-cidr",
            "10.213.0.0/16,fd42:213::/32",
            "--state-dir",
            folder.resolve("state").toString(),
            "--cni-socket",
            socket(folder).toString(),
            "--admin-socket",
            folder.resolve("admin.sock").toString(),
            "--metrics-address",
            "127.0.0.1:10256"));
    return new NodeAgent(node, command, folder.resolve("agent.log"));
  }

  private Process launch() throws IOException {
    File output = log.toFile();
    return node.call(() ->
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
            .start());
  }

  /** The process ends by its own fault only. */
  boolean isRunning() {
    return process.isAlive();
  }

  /** kill -9, and waits until it is dead. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again after {@link #kill}. */
  void restart() throws IOException {
    process = launch();
  }

  /** The last thing that it wrote, for messages. */
  String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "it wrote nothing" : lines.getLast();
  }

  private void destroy() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        destroy();
      }
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException e) {
      destroy();
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // The process ends, and with it the agent: that is what the hook is for.
      destroy();
    }
  }
}
