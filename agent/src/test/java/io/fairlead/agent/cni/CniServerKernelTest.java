package io.fairlead.agent.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.agent.server.ServerException;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.cni.wire.RequestFrame;
import io.fairlead.dataplane.sys.NetworkNamespace;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server against the real binary. */
class CniServerKernelTest {

  private static final Path BINARY =
      Path.of(System.getProperty("fairlead.root", "."), "target/fairlead/cni/fairlead");

  @TempDir private Path folder;
  private OpenDescriptors descriptors;
  private CniServer server;

  /** The JDK keeps one socket for itself from the first channel on. */
  @BeforeAll
  static void openFirstChannel() throws IOException {
    SocketChannel.open(StandardProtocolFamily.UNIX).close();
  }

  @BeforeEach
  void listen() throws Exception {
    descriptors = OpenDescriptors.now();
    server = CniServer.listen(folder.resolve("cni.sock"), CniServerKernelTest::echo);
    server.serve();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    assertThat(folder.resolve("cni.sock")).doesNotExist();
    descriptors.assertNoneAdded();
  }

  /** Answers with what arrived. */
  private static CniResponse echo(CniRequest request, List<OwnedDescriptor> received) {
    String text =
        request.environment().get("CNI_COMMAND")
            + " "
            + received.size()
            + " "
            + new String(request.stdin(), StandardCharsets.UTF_8);
    if (received.size() == 2) {
      text += " " + received.getFirst().path().toFile().exists() + " " + inode(received.getFirst());
    }
    return CniResponse.of(7, text);
  }

  private static Object inode(OwnedDescriptor descriptor) {
    try {
      return Files.getAttribute(descriptor.path(), "unix:ino");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Process execute(Map<String, String> environment, String stdin) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(BINARY.toString());
    builder.environment().put("FAIRLEAD_CNI_SOCKET", folder.resolve("cni.sock").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().write(stdin.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    return process;
  }

  private static String output(Process process) throws Exception {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(7);
    return text;
  }

  @Test
  @DisplayName("an answer that a killed binary does not hear is reported (pod-network 4)")
  void killedBinary() throws Exception {
    CompletableFuture<Process> killed = new CompletableFuture<>();
    CompletableFuture<String> unheard = new CompletableFuture<>();
    CniServer.Handler handler =
        new CniServer.Handler() {
          @Override
          public CniResponse handle(CniRequest request, List<OwnedDescriptor> received) {
            killed.join().destroyForcibly().onExit().join();
            return CniResponse.of(0, "done");
          }

          @Override
          public void unheard(CniRequest request, CniResponse response) {
            unheard.complete(request.environment().get("CNI_COMMAND") + " " + response.text());
          }
        };
    Path socket = folder.resolve("other.sock");
    CniServer other = CniServer.listen(socket, handler);
    other.serve();
    try {
      killed.complete(
          execute(Map.of("CNI_COMMAND", "DEL", "FAIRLEAD_CNI_SOCKET", socket.toString()), "{}"));
      assertThat(unheard.get(20, TimeUnit.SECONDS)).isEqualTo("DEL done");
    } finally {
      other.close();
    }
  }

  @Test
  void addBringsThePodsNamespaceAndASocketInIt() throws Exception {
    try (TestNamespace pod = TestNamespace.create("pod");
        NetworkNamespace namespace = NetworkNamespace.open(pod.namespace().path())) {
      Process process =
          execute(
              Map.of("CNI_COMMAND", "ADD", "CNI_NETNS", namespace.path().toString()), "{\"a\":1}");
      assertThat(output(process))
          .isEqualTo("ADD 2 {\"a\":1} true " + inode(namespace.descriptor()));
    }
  }

  @Test
  void severalRequestsAreAnsweredAtOnceAndWhole() throws Exception {
    String large = "{\"x\":\"" + "y".repeat(200_000) + "\"}";
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      processes.add(execute(Map.of("CNI_COMMAND", "DEL"), large));
    }
    for (Process process : processes) {
      assertThat(output(process)).isEqualTo("DEL 0 " + large);
    }
  }

  @Test
  @DisplayName("the socket is for root alone (faults 41)")
  void onlyRootMayConnect() throws Exception {
    assertThat(Files.getPosixFilePermissions(folder.resolve("cni.sock")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  @DisplayName("another user is not answered, even where the file's mode lets it in (faults 41)")
  void strangersAreNotAnswered() throws Exception {
    Path binary = Files.copy(BINARY, folder.resolve("binary"));
    for (Path path : List.of(binary, folder, folder.resolve("cni.sock"))) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    ProcessBuilder stranger =
        new ProcessBuilder(
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary.toString());
    stranger.environment().put("FAIRLEAD_CNI_SOCKET", folder.resolve("cni.sock").toString());
    stranger.environment().put("CNI_COMMAND", "STATUS");
    Process process = stranger.redirectInput(Path.of("/dev/null").toFile()).start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("does not answer");
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(output(execute(Map.of("CNI_COMMAND", "STATUS"), "{}"))).isEqualTo("STATUS 0 {}");
  }

  @Test
  @DisplayName("without descriptors requests wait, and are answered when there are some again")
  void descriptorsRunOut() throws Exception {
    // What is needed meanwhile is loaded before: a class is a file that is opened, too.
    assertThat(output(execute(Map.of("CNI_COMMAND", "STATUS"), "{}"))).isEqualTo("STATUS 0 {}");
    ProcessBuilder builder = new ProcessBuilder(BINARY.toString());
    builder.environment().put("FAIRLEAD_CNI_SOCKET", folder.resolve("cni.sock").toString());
    builder.environment().put("CNI_COMMAND", "GC");
    Process request = builder.start();
    try (DescriptorLimit limits = new DescriptorLimit()) {
      limits.exhaust();
      // Only now the binary goes on to connect.
      request.getOutputStream().write('{');
      request.getOutputStream().write('}');
      request.getOutputStream().close();
      assertThat(limits.isAlive()).isTrue();
    }
    // An accept that waits has its descriptor already: it is the next one that gets none.
    assertThat(output(request)).isEqualTo("GC 0 {}");
    assertThat(output(execute(Map.of("CNI_COMMAND", "STATUS"), "{}"))).isEqualTo("STATUS 0 {}");
  }

  @Test
  @DisplayName("a peer that sends a byte now and then is let go")
  void aSlowPeerIsLetGo() throws Exception {
    Path path = folder.resolve("slow.sock");
    CniServer impatient = CniServer.listen(path, CniServerKernelTest::echo, Duration.ofMillis(300));
    impatient.serve();
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      // The header of a request of 64 KiB.
      byte[] header =
          RequestFrame.write(new CniRequest(Map.of("A", "x".repeat(65_000)), new byte[0]), 0);
      int sent = 0;
      try {
        while (sent < 2000) {
          channel.write(ByteBuffer.wrap(header, sent++, 1));
          Thread.sleep(10);
        }
      } catch (IOException e) {
        // The server closed.
      }
      assertThat(sent).isLessThan(2000);
    } finally {
      impatient.close();
    }
  }

  @Test
  @DisplayName("garbage is refused and the next request is served (faults 40)")
  void garbageIsRefused() throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("cni.sock"));
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(address);
      channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(channel.read(ByteBuffer.allocate(10))).isNegative();
    } catch (IOException e) {
      // The server may close before it read all: a reset is as good an answer.
      assertThat(e).hasMessageContaining("reset");
    }
    assertThat(output(execute(Map.of("CNI_COMMAND", "STATUS"), "{}"))).isEqualTo("STATUS 0 {}");
  }

  @Test
  void aPathInUseIsAnErrorThatNamesIt() {
    assertThatExceptionOfType(ServerException.class)
        .isThrownBy(() -> CniServer.listen(folder.resolve("cni.sock"), CniServerKernelTest::echo))
        .withMessageContaining("cni.sock")
        .withMessageContaining("Another fairlead agent")
        .withMessageContaining("--cni-socket");
  }

  @Test
  @DisplayName("the socket that a killed agent left is replaced (faults 1)")
  void aSocketLeftBehindIsReplaced() throws Exception {
    Path left = folder.resolve("left.sock");
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(left));
    }
    assertThat(left).exists();
    CniServer.listen(left, CniServerKernelTest::echo).close();
    assertThat(left).doesNotExist();
  }
}
