package io.fairlead.dataplane.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.testing.OpenDescriptors;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixListenerTest {

  /** Sends each of argv[2:] descriptors of network namespaces along with a few bytes, then ends. */
  private static final String SENDER =
      """
      import os, socket, sys
      connection = socket.socket(socket.AF_UNIX)
      connection.connect(sys.argv[1])
      for count in sys.argv[2:]:
          descriptors = [os.open('/proc/self/ns/net', os.O_RDONLY) for _ in range(int(count))]
          socket.send_fds(connection, [b'hello'], descriptors)
      print(os.getpid(), flush=True)
      connection.recv(1)
      """;

  @TempDir private Path folder;
  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final List<Process> started = new ArrayList<>();
  private Path path;
  private UnixListener listener;

  @BeforeEach
  void listen() throws Exception {
    path = folder.resolve("test.sock");
    listener = UnixListener.listen(path);
  }

  @AfterEach
  void close() throws Exception {
    listener.close();
    listener.release();
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
    descriptors.assertNoneAdded();
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(path));
  }

  private UnixConnection accept() throws Exception {
    return listener.accept().orElseThrow();
  }

  private Process send(String counts) throws IOException {
    List<String> command = new ArrayList<>(List.of("python3", "-c", SENDER, path.toString()));
    command.addAll(List.of(counts.split(" ", -1)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    started.add(process);
    return process;
  }

  @Test
  void bytesGoBothWays() throws Exception {
    try (SocketChannel client = connect();
        UnixConnection connection = accept()) {
      client.write(ByteBuffer.wrap("question".getBytes(UTF_8)));
      byte[] into = new byte[20];
      into[0] = '-';
      assertThat(connection.read(into, 1)).isEqualTo(8);
      assertThat(new String(into, 0, 9, UTF_8)).isEqualTo("-question");
      connection.write("answer".getBytes(UTF_8));
      ByteBuffer answer = ByteBuffer.allocate(6);
      while (answer.hasRemaining()) {
        assertThat(client.read(answer)).isPositive();
      }
      assertThat(new String(answer.array(), UTF_8)).isEqualTo("answer");
      client.shutdownOutput();
      assertThat(connection.read(into, 0)).as("the peer has closed its side").isZero();
    }
  }

  @Test
  @DisplayName("the peer is known by what the kernel says of it (faults 41)")
  void descriptorsAndCredentialsArrive() throws Exception {
    Process sender = send("3");
    try (UnixConnection connection = accept()) {
      byte[] into = new byte[5];
      connection.timeout(Duration.ofSeconds(10));
      assertThat(connection.read(into, 0)).isEqualTo(5);
      assertThat(new String(into, UTF_8)).isEqualTo("hello");
      List<OwnedDescriptor> received = connection.takeDescriptors();
      try {
        assertThat(received).hasSize(3).doesNotHaveDuplicates();
        for (OwnedDescriptor descriptor : received) {
          assertThat(Files.readSymbolicLink(descriptor.path()))
              .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
        }
      } finally {
        received.forEach(OwnedDescriptor::close);
      }
      UnixConnection.Peer peer = connection.peer();
      assertThat(peer.processId()).isEqualTo((int) sender.pid());
      assertThat(peer.userId()).isEqualTo(Files.getAttribute(path, "unix:uid"));
      assertThat(peer.groupId()).isEqualTo(Files.getAttribute(path, "unix:gid"));
    }
  }

  @Test
  void descriptorsThatNobodyTookAreClosedWithTheConnection() throws Exception {
    OpenDescriptors openedAfterListening = OpenDescriptors.now();
    var _ = send("3");
    try (UnixConnection connection = accept()) {
      connection.timeout(Duration.ofSeconds(10));
      assertThat(connection.read(new byte[5], 0)).isEqualTo(5);
    }
    openedAfterListening.assertNoneAdded();
  }

  @Test
  @DisplayName(
      "a peer that sends too many descriptors is refused, at once or one by one (faults 40)")
  void descriptorsBeyondTheLimitAreRefused() throws Exception {
    OpenDescriptors openedAfterListening = OpenDescriptors.now();
    for (String count : List.of("12", "1 1 1 1 1 1 1 1 1")) {
      var _ = send(count);
      try (UnixConnection connection = accept()) {
        connection.timeout(Duration.ofSeconds(10));
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> {
              for (int i = 0; i < 9; i++) {
                assertThat(connection.read(new byte[5], 0)).isEqualTo(5);
              }
            })
            .withMessage("the peer sent more than 8 descriptors");
      }
    }
    openedAfterListening.assertNoneAdded();
  }

  @Test
  void aSilentPeerIsGivenUp() throws Exception {
    try (SocketChannel client = connect();
        UnixConnection connection = accept()) {
      connection.timeout(Duration.ofMillis(50));
      long begin = System.nanoTime();
      assertThatExceptionOfType(SystemCallException.class)
          .isThrownBy(() -> connection.read(new byte[1], 0))
          .matches(e -> e.errno() == Errno.EAGAIN);
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(40), Duration.ofSeconds(5));
      // A peer that does not read fills the socket; the write ends too.
      assertThatExceptionOfType(SystemCallException.class)
          .isThrownBy(() -> connection.write(new byte[8 << 20]))
          .matches(e -> e.errno() == Errno.EAGAIN);
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void writingToAPeerThatLeftIsAnErrorAndNoSignal() throws Exception {
    connect().close();
    try (UnixConnection connection = accept()) {
      assertThatExceptionOfType(SystemCallException.class)
          .isThrownBy(() -> connection.write(new byte[1]))
          .withMessageStartingWith("write to the peer: EPIPE");
    }
  }

  @Test
  void closingEndsAnAcceptThatWaits() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CompletableFuture<Optional<UnixConnection>> accepted = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                waiting.countDown();
                accepted.complete(listener.accept());
              } catch (IOException e) {
                accepted.completeExceptionally(e);
              }
            });
    waiting.await();
    awaitBlocked(thread);
    listener.close();
    assertThat(accepted.get(5, TimeUnit.SECONDS)).isEmpty();
    assertThat(Files.exists(path)).isFalse();
    assertThat(listener.accept()).isEmpty();
    listener.close();
  }

  /** Until the thread sleeps in the kernel, by what the kernel says of it. */
  private static void awaitBlocked(Thread thread) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (System.nanoTime() < deadline) {
      try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
        for (Path task : tasks) {
          String call = Files.readString(task.resolve("syscall"));
          if (call.startsWith("288 ") || call.startsWith("242 ")) { // accept4: x86-64, arm64
            return;
          }
        }
      }
      thread.join(Duration.ofMillis(2));
    }
    throw new AssertionError("no thread came to wait in accept4");
  }

  @Test
  void itsFileIsForItsOwnerAlone() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  @DisplayName("there is no moment in which the file has another mode (faults 41)")
  void itsFileIsMadeForItsOwnerAlone() throws Exception {
    Path bound = folder.resolve("bound.sock");
    try (OwnedDescriptor socket = UnixListener.bind(bound)) {
      assertThat(socket.number()).isPositive();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(bound)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  @DisplayName("a symbolic link in the socket's place is not followed (faults 41)")
  void aSymbolicLinkIsNotFollowed() throws Exception {
    Path precious = Files.writeString(folder.resolve("precious"), "x");
    var before = Files.getPosixFilePermissions(precious);
    for (Path target : List.of(precious, folder.resolve("absent"))) {
      Path link = folder.resolve("to-" + target.getFileName());
      Files.createSymbolicLink(link, target);
      assertThatExceptionOfType(SystemCallException.class)
          .isThrownBy(() -> UnixListener.listen(link))
          .withMessageEndingWith("EADDRINUSE (address in use)");
    }
    assertThat(folder.resolve("absent")).doesNotExist();
    assertThat(Files.getPosixFilePermissions(precious)).isEqualTo(before);
  }

  @Test
  void aPathThatIsTooLongIsASentence() {
    Path tooLong = folder.resolve("x".repeat(108));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> UnixListener.listen(tooLong))
        .withMessage("the socket path " + tooLong + " is longer than 107 bytes; choose a shorter");
  }

  @Test
  void aPathInUseAndAFolderThatIsNotThereAreNamed() {
    assertThatExceptionOfType(SystemCallException.class)
        .isThrownBy(() -> UnixListener.listen(path))
        .withMessage("bind " + path + ": EADDRINUSE (address in use)");
    Path nowhere = folder.resolve("missing/test.sock");
    assertThatExceptionOfType(SystemCallException.class)
        .isThrownBy(() -> UnixListener.listen(nowhere))
        .withMessage("bind " + nowhere + ": ENOENT (no such object)");
  }

  @Test
  void itCanListenAgainAtOnce() throws Exception {
    listener.close();
    listener.release();
    listener = UnixListener.listen(path);
    try (SocketChannel client = connect();
        UnixConnection connection = accept()) {
      assertThat(client.isConnected()).isTrue();
      assertThat(connection.takeDescriptors()).isEmpty();
    }
  }
}
