package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An agent that stands still, is killed or cannot write while a runtime waits for it. */
class AgentTroubleWholeTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private @Nullable Lab openLab;

  @BeforeEach
  void create() throws Exception {
    openLab = Lab.create(LabOptions.of(1), Whole.distribution());
  }

  @AfterEach
  void close() {
    if (openLab != null) {
      openLab.close();
    }
  }

  private Lab lab() {
    if (openLab == null) {
      throw new AssertionError("the lab was not made");
    }
    return openLab;
  }

  private Node node() {
    return lab().node(1);
  }

  private void signal(String name) throws Exception {
    String agent = Long.toString(node().agent().handle().pid());
    new ProcessBuilder("kill", "-" + name, agent).inheritIO().start().waitFor();
  }

  private static ContainerRuntime.Attachment attachment(LabNamespace pod) {
    return new ContainerRuntime.Attachment(
        UUID.randomUUID().toString().replace("-", "").repeat(2),
        pod.path().toString(),
        "eth0",
        "default",
        "waits",
        UUID.randomUUID().toString(),
        "1.1.0");
  }

  private CompletableFuture<ContainerRuntime.Answer> request(
      String command, ContainerRuntime.Attachment attachment) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return node().runtime().execute(command, attachment);
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private void assertNothingOf(ContainerRuntime.Attachment attachment) throws Exception {
    Await.until(
        "nothing of it is left",
        LIMIT,
        () ->
            !node().namespace().run("ip", "link").contains(attachment.containerId())
                && !node().commandLine("status").out().contains(attachment.podName()));
    assertThat(node().commandLine("verify").exit()).isZero();
  }

  @Test
  @DisplayName("ADD outlasts a pause of the agent, and ends at once when it is killed (faults 36)")
  void pausedAndKilled() throws Exception {
    lab().startAgents();
    try (LabNamespace pod = LabNamespace.create("waits")) {
      ContainerRuntime.Attachment attachment = attachment(pod);
      signal("STOP");
      CompletableFuture<ContainerRuntime.Answer> add = request("ADD", attachment);
      assertThat(node().runtime().execute("VERSION", attachment).isSuccess()).isTrue();
      assertThat(add).isNotDone();
      signal("CONT");
      assertThat(add.get(1, TimeUnit.MINUTES).isSuccess()).isTrue();
      assertThat(request("DEL", attachment).get(1, TimeUnit.MINUTES).isSuccess()).isTrue();
      assertNothingOf(attachment);

      signal("STOP");
      CompletableFuture<ContainerRuntime.Answer> lost = request("ADD", attachment);
      assertThat(node().runtime().execute("VERSION", attachment).isSuccess()).isTrue();
      node().killAgent(); // As the kernel does when memory runs out.
      ContainerRuntime.Answer answer = lost.get(1, TimeUnit.MINUTES);
      assertThat(answer.isSuccess()).isFalse();
      assertThat(answer.text()).contains("\"code\":11").contains("agent");
      assertThat(request("DEL", attachment).get(1, TimeUnit.MINUTES).isSuccess())
          .as("a DEL without an agent is queued")
          .isTrue();
      node().startAgent();
      node().waitReady();
      assertNothingOf(attachment);
      assertThat(request("ADD", attachment).get(1, TimeUnit.MINUTES).isSuccess()).isTrue();
    }
  }

  @Test
  @DisplayName("a full disk: ADD says so and leaves nothing, DEL and Services go on (faults 37)")
  void fullDisk() throws Exception {
    String folder = node().stateFolder().toString();
    node()
        .agent()
        .startThrough(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o size=128k,mode=700 tmpfs " + folder + " && exec \"$@\"",
            "sh");
    lab().startAgents();
    Pod first = node().addPod("first");
    inAgentsMounts("cat /dev/zero > " + folder + "/filler || true");
    try (LabNamespace pod = LabNamespace.create("waits")) {
      ContainerRuntime.Attachment attachment = attachment(pod);
      // The journal's last block may have room for some lines still.
      ContainerRuntime.Answer answer = node().runtime().execute("ADD", attachment);
      for (int i = 0; i < 100 && answer.isSuccess(); i++) {
        assertThat(node().runtime().execute("DEL", attachment).isSuccess()).isTrue();
        answer = node().runtime().execute("ADD", attachment);
      }
      assertThat(answer.text()).contains("is the disk full");
      assertNothingOf(attachment);
      assertThat(node().agent().health("/livez")).isEqualTo(200);
      first.delete();
      assertThat(node().namespace().run("ip", "link")).doesNotContain("default/first");
      inAgentsMounts("rm " + folder + "/filler");
      assertThat(node().runtime().execute("ADD", attachment).isSuccess()).isTrue();
      assertThat(node().commandLine("verify").exit()).isZero();
    }
    assertThat(node().stateFolder()).as("nothing of it outside").isEmptyDirectory();
  }

  private void inAgentsMounts(String command) throws Exception {
    String agent = Long.toString(node().agent().handle().pid());
    Process process =
        new ProcessBuilder("nsenter", "--target", agent, "--mount", "sh", "-c", command)
            .redirectErrorStream(true)
            .start();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
  }
}
