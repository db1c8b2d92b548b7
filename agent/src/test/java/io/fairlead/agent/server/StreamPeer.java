package io.fairlead.agent.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that does as little as it wants to, over TCP of this host. */
final class StreamPeer implements AutoCloseable {

  private static final int LONGEST_WAIT_MILLIS = 20_000;

  private static final int MOMENT_MILLIS = 20;

  private final Socket socket;

  StreamPeer(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(LONGEST_WAIT_MILLIS);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** What comes for {@code request} until the server closes. */
  String closing(String request) throws IOException {
    send(request);
    return rest();
  }

  /** All that comes until the server closes. */
  String rest() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  /** The next bytes, at most {@code most}; empty once the server has closed. */
  String next(int most) throws IOException {
    return new String(socket.getInputStream().readNBytes(most), StandardCharsets.US_ASCII);
  }

  /** Whether the server has closed; waits for a moment. */
  boolean isGone() {
    try {
      socket.setSoTimeout(MOMENT_MILLIS);
      while (socket.getInputStream().read() >= 0) {
        // What came before.
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
