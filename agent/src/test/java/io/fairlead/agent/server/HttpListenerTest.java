package io.fairlead.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpListenerTest {

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final Map<String, Supplier<Reply>> ROUTES =
      Map.of(
          "/ok",
          () -> Reply.text(200, "fine"),
          "/bug",
          () -> {
            throw new IllegalStateException("a bug");
          });

  private static final RouteTable NO_ROUTES = new RouteTable();

  private final EventLoops loops = new EventLoops();

  @AfterEach
  void stop() {
    loops.close();
  }

  private static HttpResponse<String> send(int port, String method, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String raw(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  @DisplayName("GET and HEAD of what exists are answered, and nothing else")
  void answers() throws Exception {
    try (HttpListener listener = HttpListener.tcp(loops, ANY_PORT, ROUTES)) {
      int port = listener.port();
      assertThat(send(port, "GET", "/ok?x=1").body()).isEqualTo("fine\n");
      assertThat(send(port, "HEAD", "/ok").body()).isEmpty();
      assertThat(send(port, "POST", "/ok").statusCode()).isEqualTo(405);
      assertThat(send(port, "GET", "/nothing").statusCode()).isEqualTo(404);
      assertThat(send(port, "GET", "/nothing").body()).contains("/bug, /ok");
      assertThat(send(port, "GET", "/bug").statusCode()).isEqualTo(500);
    }
  }

  @Test
  @DisplayName("too long a line, too many headers, too large a body and garbage are refused")
  void limits() throws Exception {
    try (HttpListener listener = HttpListener.tcp(loops, ANY_PORT, ROUTES)) {
      int port = listener.port();
      assertThat(raw(port, "GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
          .startsWith("HTTP/1.1 4");
      assertThat(raw(port, "GET /ok HTTP/1.1\r\nH: " + "x".repeat(9000) + "\r\n\r\n"))
          .startsWith("HTTP/1.1 4");
      assertThat(
              raw(
                  port,
                  "POST /ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 99999\r\n\r\n"))
          .startsWith("HTTP/1.1 413");
      assertThat(raw(port, "\u0001\u0002 garbage\r\n\r\n")).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  @DisplayName("a port in use is named, with the mend")
  void portInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
      assertThatThrownBy(() -> HttpListener.tcp(loops, address, ROUTES).close())
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " is in use by another program")
          .hasMessageContaining("--metrics-address");
    }
  }

  @Test
  @DisplayName("an address that this host does not have is named")
  void foreignAddress() {
    assertThatThrownBy(() ->
            HttpListener.tcp(
                    loops,
                    new InetSocketAddress(
                        InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 0),
                    ROUTES)
                .close())
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("192.0.2.1 port 0 cannot be listened on");
  }

  @Test
  @DisplayName("the Unix socket is for its owner alone, and goes with the listener")
  void unixSocket(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("run/admin.sock");
    try (HttpListener listener = HttpListener.unix(loops, file, NO_ROUTES)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(listener.port()).isEqualTo(-1);
      assertThatThrownBy(() -> HttpListener.unix(loops, file, NO_ROUTES).close())
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("Another fairlead agent listens on " + file);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  @DisplayName("a socket file that a dead process left is replaced; another file is not")
  void staleSocket(@TempDir Path folder) throws Exception {
    Path stale = folder.resolve("stale.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(stale));
    }
    assertThat(stale).exists();
    HttpListener.unix(loops, stale, NO_ROUTES).close();

    Path file = Files.writeString(folder.resolve("file"), "precious");
    assertThatThrownBy(() -> HttpListener.unix(loops, file, NO_ROUTES).close())
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("is something else than a socket");
    assertThat(file).hasContent("precious");
  }

  @Test
  @DisplayName("what is left of a process that was killed while it made its socket is replaced")
  void killedMeanwhile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("admin.sock");
    Path left = PrivateFolder.beside(file).socket();
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(left));
    }
    assertThat(left).exists();
    try (HttpListener listener = HttpListener.unix(loops, file, NO_ROUTES)) {
      assertThat(listener.port()).isEqualTo(-1);
      assertThat(folder).isDirectoryContaining(path -> path.equals(file));
      assertThat(left.getParent()).doesNotExist();
    }
    assertThat(folder).isEmptyDirectory();
  }
}
