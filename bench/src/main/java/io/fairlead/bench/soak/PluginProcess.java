package io.fairlead.bench.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.bench.lab.ContainerRuntime;
import io.fairlead.bench.lab.Node;
import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** Executes the CNI binary, and now and then kills it at a random moment. */
final class PluginProcess {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 60;

  /** One execution of so many is killed. */
  private static final int KILLED = 25;

  /** Longer than most executions take, so that some are killed when they are done. */
  private static final int LONGEST_LIFE_MICROSECONDS = 12_000;

  private final Node node;
  private final Path binary;
  private final NamespaceThread thread;
  private final RandomGenerator random;

  /** How an execution ended. */
  enum Outcome {
    SUCCEEDED,
    FAILED,
    KILLED
  }

  PluginProcess(Node node, Path binary, NamespaceThread thread, RandomGenerator random) {
    this.node = node;
    this.binary = binary;
    this.thread = thread;
    this.random = random;
  }

  /**
   * @param namespace whether the pod's namespace is named
   */
  Outcome execute(String command, SoakPod pod, boolean namespace)
      throws IOException, InterruptedException {
    ContainerRuntime.Attachment attachment = pod.attachment();
    Map<String, String> variables = new HashMap<>(node.runtime().environment(command, attachment));
    if (!namespace) {
      variables.put("CNI_NETNS", "");
    }
    byte[] stdin = configuration(pod, attachment).getBytes(StandardCharsets.UTF_8);
    boolean kill = random.nextInt(KILLED) == 0;
    long life = random.nextInt(LONGEST_LIFE_MICROSECONDS) * 1000L;
    Process process = start(variables);
    try {
      feed(process, stdin);
      if (kill) {
        LockSupport.parkNanos(life);
        process.destroyForcibly().waitFor();
        // It may have ended by itself before.
        return process.exitValue() == 0 ? Outcome.SUCCEEDED : Outcome.KILLED;
      }
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("CNI " + command + " of " + pod.name() + " did not end");
      }
      return process.exitValue() == 0 ? Outcome.SUCCEEDED : Outcome.FAILED;
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(Map<String, String> variables) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(binary.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(variables);
    try {
      return thread.call(builder::start);
    } catch (IOException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(binary + " cannot be executed", e);
    }
  }

  private static void feed(Process process, byte[] stdin) {
    try (OutputStream stream = process.getOutputStream()) {
      stream.write(stdin);
    } catch (IOException e) {
      // It ended without reading all of it; its exit status says why.
    }
  }

  /** Of a pod with a host port in one case of three, and a limited bandwidth in one of four. */
  private String configuration(SoakPod pod, ContainerRuntime.Attachment attachment)
      throws IOException {
    ObjectNode configuration = (ObjectNode) JSON.readTree(node.runtime().configuration(attachment));
    ObjectNode wishes = configuration.withObject("/runtimeConfig");
    if (pod.hostPort() % 3 == 0) {
      wishes
          .putArray("portMappings")
          .addObject()
          .put("hostPort", pod.hostPort())
          .put("containerPort", 80)
          .put("protocol", "tcp");
    }
    if (pod.hostPort() % 4 == 0) {
      wishes
          .putObject("bandwidth")
          .put("ingressRate", 100_000_000)
          .put("ingressBurst", 10_000_000)
          .put("egressRate", 100_000_000)
          .put("egressBurst", 10_000_000);
    }
    return JSON.writeValueAsString(configuration);
  }
}
