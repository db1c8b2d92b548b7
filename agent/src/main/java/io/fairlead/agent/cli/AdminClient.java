package io.fairlead.agent.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Asks a running agent over its admin socket: HTTP/1.1, one request per connection. */
public final class AdminClient {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LONG_PATIENCE = Duration.ofMinutes(1);
  private static final int LARGEST_ANSWER = 64 << 20;

  /** An answer's status code and body. */
  public record Answer(int status, String body) {}

  private AdminClient() {}

  /**
   * Sends a request and reads the answer.
   *
   * @param method GET or POST
   * @param patient whether the answer may take a minute, not only five seconds
   * @throws IOException if nobody answers
   */
  public static Answer ask(Path socket, String method, String path, String body, boolean patient)
      throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      send(channel, method, path, body);
      return parse(readAll(channel, patient ? LONG_PATIENCE : PATIENCE));
    }
  }

  private static void send(SocketChannel channel, String method, String path, String body)
      throws IOException {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n"
            + (content.length == 0 ? "" : "Content-Length: " + content.length + "\r\n")
            + "\r\n";
    ByteBuffer request =
        ByteBuffer.allocate(head.length() + content.length)
            .put(head.getBytes(StandardCharsets.US_ASCII))
            .put(content)
            .flip();
    while (request.hasRemaining()) {
      channel.write(request);
    }
  }

  /**
   * Asks for lines and hands each to {@code sink} until the agent closes the connection.
   *
   * @return the answer's status, and its body if that is not 200
   * @throws IOException if nobody answers, or the connection breaks
   */
  static Answer follow(Path socket, String path, Consumer<String> sink) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      send(channel, "GET", path, "");
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      String first = reader.readLine();
      int status = status(first == null ? "" : first);
      String line = reader.readLine();
      while (line != null && !line.isEmpty()) {
        line = reader.readLine();
      }
      if (status != 200) {
        return new Answer(status, reader.lines().collect(Collectors.joining("\n")));
      }
      for (line = reader.readLine(); line != null; line = reader.readLine()) {
        sink.accept(line);
      }
      return new Answer(status, "");
    }
  }

  /** Why nobody answers, and the mend, as a sentence for whoever executed {@code command}. */
  static String unreachable(Path socket, IOException e, String command) {
    if (e instanceof AccessDeniedException || (Files.exists(socket) && !Files.isWritable(socket))) {
      return "This user may not connect to " + socket + ". Run `fairlead " + command + "` as root";
    }
    return Files.exists(socket)
        ? "No agent answers on " + socket + " (" + e.getMessage() + "). Start `fairlead agent`"
        : "No agent runs here: there is no socket "
            + socket
            + ". Start `fairlead agent`, or name its --admin-socket";
  }

  private static String readAll(SocketChannel channel, Duration patience) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(16384);
    channel.configureBlocking(false);
    long end = System.nanoTime() + patience.toNanos();
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      while (true) {
        int count = channel.read(buffer.clear());
        if (count < 0) {
          return bytes.toString(StandardCharsets.UTF_8);
        }
        bytes.write(buffer.array(), 0, count);
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0 || bytes.size() > LARGEST_ANSWER) {
          throw new SocketTimeoutException(
              "no whole answer within " + patience.toSeconds() + " seconds");
        }
        if (count == 0) {
          selector.select(left);
          selector.selectedKeys().clear();
        }
      }
    }
  }

  private static Answer parse(String answer) throws IOException {
    int body = answer.indexOf("\r\n\r\n");
    if (body < 0) {
      throw new IOException("something else than HTTP was answered");
    }
    return new Answer(status(answer), answer.substring(body + 4));
  }

  private static int status(String answer) throws IOException {
    if (!answer.matches("(?s)HTTP/1\\.1 [0-9]{3} .*")) {
      throw new IOException("something else than HTTP was answered");
    }
    return Integer.parseInt(answer.substring(9, 12));
  }
}
