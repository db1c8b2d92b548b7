package io.fairlead.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets to the admin socket, and what a stream on it may cost. */
class AdminSocketTest {

  /** Connects to argv[1] and prints the status line of the answer. */
  private static final String CLIENT =
      """
      import socket, sys
      connection = socket.socket(socket.AF_UNIX)
      connection.connect(sys.argv[1])
      try:
          connection.send(b'GET /ok HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n')
          print(connection.recv(15).decode())
      except ConnectionError:
          print('')
      """;

  private static final String NOBODY = "65534";

  @TempDir private Path folder;
  private final EventLoops loops = new EventLoops();
  private final RouteTable routes =
      new RouteTable().add(Map.of("/ok", Route.of(() -> Reply.text(200, "fine"))));

  @AfterEach
  void stop() {
    loops.close();
  }

  private static void mode(Path file, String rights) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  private static String ask(Path socket, String... prefix) throws Exception {
    List<String> command = new ArrayList<>(List.of(prefix));
    command.addAll(List.of("/usr/bin/python3", "-c", CLIENT, socket.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() == 0 ? output : "refused";
  }

  @Test
  @DisplayName("another user is not answered, even where the file's mode lets it in (faults 41)")
  void strangers() throws Exception {
    Path socket = folder.resolve("admin.sock");
    String[] asNobody = {"setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"};
    try (HttpListener _ = HttpListener.unix(loops, socket, routes)) {
      mode(folder, "rwxr-xr-x");
      assertThat(ask(socket)).isEqualTo("HTTP/1.1 200 OK");
      assertThat(ask(socket, asNobody)).isEqualTo("refused");
      mode(socket, "rw-rw-rw-");
      assertThat(ask(socket, asNobody)).as("without an answer").isEmpty();
      assertThat(ask(socket)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  @DisplayName(
      "the socket's folder is made for its owner alone, and nothing but the socket is left")
  void folder() throws Exception {
    Path socket = folder.resolve("made/deep/admin.sock");
    try (HttpListener _ = HttpListener.unix(loops, socket, routes)) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("made/deep"))))
          .isEqualTo("rwx------");
      try (var files = Files.list(folder.resolve("made/deep"))) {
        assertThat(files).containsExactly(socket);
      }
    }
  }

  @Test
  @DisplayName("a folder in which others may replace the socket is refused; one like /tmp is not")
  void foreignFolder() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    Path socket = open.resolve("admin.sock");
    mode(open, "rwxrwxrwx");
    assertThatThrownBy(() -> HttpListener.unix(loops, socket, routes).close())
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("Others may replace what is in the folder of admin-socket, " + open);
    Files.setAttribute(open, "unix:mode", 01777);
    HttpListener.unix(loops, socket, routes).close();
  }

  @Test
  @DisplayName("a symbolic link in the socket's place is refused, and what it names is not touched")
  void symbolicLink() throws Exception {
    Path precious = Files.writeString(folder.resolve("precious"), "x");
    var before = Files.getPosixFilePermissions(precious);
    Path link = Files.createSymbolicLink(folder.resolve("admin.sock"), precious);
    assertThatThrownBy(() -> HttpListener.unix(loops, link, routes).close())
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("is something else than a socket");
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.exists(precious, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(Files.getPosixFilePermissions(precious)).isEqualTo(before);
  }

  @Test
  @DisplayName("lines for a client that does not read end at a few MiB, however long they are")
  void slowReader() throws Exception {
    CompletableFuture<Feed.LineSink> opened = new CompletableFuture<>();
    RouteTable feeds =
        new RouteTable()
            .add(
                Map.of(
                    "/feed",
                    new Route.Streamed((_, sink) -> {
                      opened.complete(sink);
                      return () -> {};
                    })));
    Path socket = folder.resolve("admin.sock");
    try (HttpListener _ = HttpListener.unix(loops, socket, feeds);
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      client.write(
          ByteBuffer.wrap("GET /feed HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      Feed.LineSink sink = opened.get(20, TimeUnit.SECONDS);
      String line = "x".repeat(1 << 20);
      int taken = 0;
      while (sink.line(line)) {
        assertThat(++taken).as("MiB that wait").isLessThan(50);
      }
      assertThat(taken).isGreaterThan(2);
      // A second request on the same connection is no request.
      client.write(
          ByteBuffer.wrap("GET /feed HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      long received = 0;
      ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
      try {
        for (int n = client.read(buffer.clear()); n >= 0; n = client.read(buffer.clear())) {
          received += n;
        }
      } catch (IOException e) {
        // Cut off in the middle is as good.
      }
      assertThat(received).isLessThan(50L << 20);
    }
  }
}
