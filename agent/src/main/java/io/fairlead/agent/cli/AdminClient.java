package io.fairlead.agent.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks a running agent over its admin socket: HTTP/1.1, one request per connection. */
final class AdminClient {

  private static final long TIMEOUT_NANOS = 5_000_000_000L;
  private static final int LARGEST_ANSWER = 64 << 20;

  /** An answer's status code and body. */
  record Answer(int status, String body) {}

  private AdminClient() {}

  /**
   * Sends GET and reads the answer, for at most five seconds.
   *
   * @throws IOException if nobody answers
   */
  static Answer get(Path socket, String path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      String request = "GET " + path + " HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n";
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      return parse(readAll(channel));
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

  private static String readAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(16384);
    channel.configureBlocking(false);
    long end = System.nanoTime() + TIMEOUT_NANOS;
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
          throw new SocketTimeoutException("no whole answer within five seconds");
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
    if (body < 0 || !answer.matches("(?s)HTTP/1\\.1 [0-9]{3} .*")) {
      throw new IOException("something else than HTTP was answered");
    }
    return new Answer(Integer.parseInt(answer.substring(9, 12)), answer.substring(body + 4));
  }
}
