package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pods come and go through the CNI binary, with the agent alive, dead and back. */
class AttachmentWholeTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private @Nullable Lab lab;

  @BeforeEach
  void create() throws Exception {
    lab = Lab.create(LabOptions.of(1), Whole.distribution());
    lab.startAgents();
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private Node node() {
    if (lab == null) {
      throw new AssertionError("the lab was not made");
    }
    return lab.node(1);
  }

  private static void assertReachable(Node node, Pod pod) throws Exception {
    EchoAnswer answer = EchoClient.tcp(node.namespace(), pod.at(8080), LIMIT);
    assertThat(answer.server()).isEqualTo(pod.name());
  }

  @Test
  @DisplayName("ADD twice is an error that leaves the first attachment intact (pod-network 1)")
  void addTwice() throws Exception {
    Pod pod = node().addPod("pod-a");
    pod.serve(8080);
    ContainerRuntime.Answer again = node().runtime().execute("ADD", pod.attachment());
    assertThat(again.isSuccess()).isFalse();
    assertThat(again.output().out()).contains("\"code\"").contains("\"msg\"");
    assertReachable(node(), pod);
  }

  @Test
  @DisplayName("a pod cannot make itself the IPv6 router of an IPv4 node")
  void noRouters() throws Exception {
    assertThat(node().namespace().run("sysctl", "-n", "net.ipv6.conf.fairlead0.accept_ra"))
        .isEqualToIgnoringNewLines("0");
  }

  @Test
  @DisplayName("DEL twice, and DEL of what was never added, succeed (pod-network 2)")
  void deleteTwice() throws Exception {
    Pod pod = node().addPod("pod-a");
    pod.delete();
    assertThat(node().runtime().execute("DEL", pod.attachment()))
        .matches(ContainerRuntime.Answer::isSuccess, "succeeds");
    Await.until("nothing is left", LIMIT, () -> node().residue().isEmpty());
  }

  @Test
  @DisplayName("without an agent ADD fails fast and DEL is replayed later (pod-network 16)")
  void agentAbsent() throws Exception {
    Pod pod = node().addPod("pod-a");
    node().killAgent();
    ContainerRuntime.Answer add =
        node()
            .runtime()
            .execute(
                "ADD",
                new ContainerRuntime.Attachment(
                    "f".repeat(64),
                    pod.attachment().namespacePath(),
                    "eth1",
                    "default",
                    "pod-b",
                    "uid",
                    "1.1.0"));
    assertThat(add.isSuccess()).isFalse();
    assertThat(add.output().out()).contains("\"code\":11");
    assertThat(add.duration()).isLessThan(Duration.ofSeconds(2));
    pod.delete();
    assertThat(node().residue().leases()).isNotEmpty();
    node().startAgent();
    node().waitReady();
    Await.until("the queued DEL was replayed", LIMIT, () -> node().residue().isEmpty());
    assertThat(node().deleteQueue()).isEmptyDirectory();
  }

  @Test
  @DisplayName("a deletion that is queued beside a running agent is carried out (pod-network 16)")
  void queuedLate() throws Exception {
    Pod pod = node().addPod("pod-a");
    ProcessBuilder builder =
        new ProcessBuilder(Whole.distribution().cniPlugin().toAbsolutePath().toString());
    builder.environment().putAll(node().runtime().environment("DEL", pod.attachment()));
    // As when it asked just before the agent listened, and queued just after the agent looked.
    builder.environment().put("FAIRLEAD_CNI_SOCKET", "/nonexistent/cni.sock");
    ProgramOutput output =
        Programs.finish(
            node().namespace().start(builder),
            node().runtime().configuration(pod.attachment()),
            LIMIT);
    assertThat(output.exit()).as(output.out()).isZero();
    Await.until("the deletion was carried out", LIMIT, () -> node().residue().isEmpty());
    assertThat(node().deleteQueue()).isEmptyDirectory();
  }

  @Test
  @DisplayName("pods live through a kill -9, and their addresses stay theirs (pod-network 22, 53)")
  void leasesSurvive() throws Exception {
    Set<InetAddress> addresses = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      Pod pod = node().addPod("before-" + i);
      pod.serve(8080);
      assertThat(addresses.add(pod.address())).isTrue();
    }
    node().killAgent();
    node().startAgent();
    node().waitReady();
    for (int i = 0; i < 5; i++) {
      Pod pod = node().addPod("after-" + i);
      pod.serve(8080);
      assertThat(addresses.add(pod.address())).as("%s is new", pod.address()).isTrue();
    }
    for (InetAddress address : addresses) {
      EchoAnswer answer =
          EchoClient.tcp(node().namespace(), new InetSocketAddress(address, 8080), LIMIT);
      assertThat(answer.request()).isEqualTo("question");
    }
  }
}
