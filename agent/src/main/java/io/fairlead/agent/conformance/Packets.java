package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;

/** Whether packets flow: a TCP connection on which something is said and answered. */
final class Packets {

  /** Long enough for a SYN to be sent once more. */
  private static final int LIMIT_MS = 4000;

  private static final byte[] QUESTION = {'c', 'n', 'i', '?'};

  private Packets() {}

  /**
   * Connects from one namespace to an address of another.
   *
   * @throws Unmet if nothing is answered within some seconds
   */
  static void flow(String what, Sandbox from, Sandbox to, IpAddress address)
      throws IOException, Unmet {
    flow(what, from, to, address, 0, 0);
  }

  /**
   * Connects to {@code port} of an address, behind which {@code to} listens on {@code listening};
   * both are 0 where any port will do.
   */
  static void flow(
      String what, Sandbox from, Sandbox to, IpAddress address, int port, int listening)
      throws IOException, Unmet {
    try (ServerSocket server = to.call(() -> new ServerSocket(listening))) {
      server.setSoTimeout(LIMIT_MS);
      Thread echo = Thread.ofVirtual().start(() -> answerOne(server));
      InetAddress target = InetAddress.getByAddress(address.bytes());
      int number = port == 0 ? server.getLocalPort() : port;
      byte[] answer =
          from.call(() -> {
            try (Socket socket = new Socket()) {
              socket.connect(new InetSocketAddress(target, number), LIMIT_MS);
              socket.setSoTimeout(LIMIT_MS);
              socket.getOutputStream().write(QUESTION);
              return socket.getInputStream().readNBytes(QUESTION.length);
            } catch (IOException e) {
              throw new IOException(
                  "no packets " + what + " (" + address + "): " + e.getMessage(), e);
            }
          });
      echo.join();
      Unmet.require(Arrays.equals(answer, QUESTION), "no answer " + what + " (" + address + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void answerOne(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write(socket.getInputStream().readNBytes(QUESTION.length));
    } catch (IOException e) {
      // The client's side says what is wrong.
      return;
    }
  }
}
