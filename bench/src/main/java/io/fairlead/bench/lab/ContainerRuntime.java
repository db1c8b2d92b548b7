package io.fairlead.bench.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Executes the CNI binary on a node as containerd does (go-cni, containerd's cri plugin): in the
 * node's namespace, with the attachment in CNI_ variables and one plugin's configuration, taken
 * from a conflist, on standard input.
 */
public final class ContainerRuntime {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Await.PATIENCE;

  private final Node node;
  private final Distribution distribution;

  ContainerRuntime(Node node, Distribution distribution) {
    this.node = node;
    this.distribution = distribution;
  }

  /**
   * One attachment of a pod.
   *
   * @param containerId 64 hexadecimal digits
   * @param namespacePath empty where a runtime has none any more, at a late DEL
   * @param cniVersion of the configuration, for example "1.1.0"
   */
  public record Attachment(
      String containerId,
      String namespacePath,
      String interfaceName,
      String podNamespace,
      String podName,
      String podUid,
      String cniVersion) {}

  /** What the binary answered, and how long it ran. */
  public record Answer(ProgramOutput output, Duration duration) {

    public boolean isSuccess() {
      return output.exit() == 0;
    }

    /** The result or error object, or what was printed in place of one. */
    public String text() {
      return (output.out() + output.error()).strip();
    }
  }

  /** Executes {@code command}: ADD, DEL, CHECK, STATUS, GC or VERSION. */
  public Answer execute(String command, Attachment attachment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(distribution.cniPlugin().toString());
    builder.environment().putAll(environment(command, attachment));
    long start = System.nanoTime();
    Process process = node.namespace().start(builder);
    ProgramOutput output = Programs.finish(process, configuration(attachment), LIMIT);
    return new Answer(output, Duration.ofNanos(System.nanoTime() - start));
  }

  /** The variables that the binary gets beside those of the lab. */
  public Map<String, String> environment(String command, Attachment attachment) {
    return Map.of(
        "CNI_COMMAND", command,
        "CNI_CONTAINERID", attachment.containerId(),
        "CNI_NETNS", attachment.namespacePath(),
        "CNI_IFNAME", attachment.interfaceName(),
        "CNI_PATH", distribution.cniFolder().toString(),
        "CNI_ARGS", arguments(attachment),
        "FAIRLEAD_CNI_SOCKET", node.cniSocket().toString(),
        "FAIRLEAD_CNI_QUEUE", node.deleteQueue().toString());
  }

  private static String arguments(Attachment attachment) {
    return "IgnoreUnknown=1"
        + ";K8S_POD_NAMESPACE="
        + attachment.podNamespace()
        + ";K8S_POD_NAME="
        + attachment.podName()
        + ";K8S_POD_INFRA_CONTAINER_ID="
        + attachment.containerId()
        + ";K8S_POD_UID="
        + attachment.podUid();
  }

  /** What the binary gets on standard input. */
  public String configuration(Attachment attachment) throws IOException {
    ObjectNode configuration = JSON.createObjectNode();
    configuration.put("cniVersion", attachment.cniVersion());
    configuration.put("name", "fairlead");
    configuration.put("type", "fairlead");
    configuration.putObject("capabilities").put("io.kubernetes.cri.pod-annotations", true);
    configuration.putObject("runtimeConfig").putObject("io.kubernetes.cri.pod-annotations");
    return JSON.writeValueAsString(configuration);
  }
}
