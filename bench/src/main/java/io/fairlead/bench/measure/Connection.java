package io.fairlead.bench.measure;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A new TCP connection to a {@link LetterServer}, which was closed without leaving anything behind.
 * Times are of System.nanoTime.
 *
 * @param begin before the socket was made
 * @param connected when the handshake was complete
 * @param end when the letter was there
 */
public record Connection(char letter, long begin, long connected, long end) {

  private static final int LIMIT_MILLIS = 1000;

  /**
   * Connects from the calling thread's network namespace.
   *
   * @throws IOException if nobody answers within a second
   */
  public static Connection open(InetSocketAddress to) throws IOException {
    long begin = System.nanoTime();
    try (Socket socket = new Socket()) {
      socket.setSoLinger(true, 0);
      socket.connect(to, LIMIT_MILLIS);
      final long connected = System.nanoTime();
      socket.setSoTimeout(LIMIT_MILLIS);
      int letter = socket.getInputStream().read();
      if (letter < 0) {
        throw new EOFException(to + " closed the connection without a letter");
      }
      return new Connection((char) letter, begin, connected, System.nanoTime());
    }
  }
}
