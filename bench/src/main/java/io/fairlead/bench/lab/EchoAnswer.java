package io.fairlead.bench.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What an {@link EchoServer} says: "REQUEST SERVER ADDRESS PORT".
 *
 * @param request without spaces
 * @param server the name of who answered
 * @param client who asked, as the server sees it
 */
public record EchoAnswer(String request, String server, InetSocketAddress client) {

  String text() {
    return request
        + " "
        + server
        + " "
        + client.getAddress().getHostAddress()
        + " "
        + client.getPort();
  }

  static EchoAnswer parse(String text) throws IOException {
    String[] parts = text.strip().split(" ", -1);
    if (parts.length != 4) {
      throw new IOException("an echo server does not answer \"" + text + "\"");
    }
    return new EchoAnswer(
        parts[0],
        parts[1],
        new InetSocketAddress(InetAddress.ofLiteral(parts[2]), Integer.parseInt(parts[3])));
  }
}
