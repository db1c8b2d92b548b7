package io.fairlead.bench.datapath;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The near end of paths, in the calling thread's network namespace. Times are in nanoseconds. What
 * measures latencies fails with an IOException if nobody answers within five seconds.
 */
final class PathClient {

  private static final int LIMIT_MILLIS = 5000;
  private static final int BUFFER = 256 << 10;

  private PathClient() {}

  /** Makes connections, one after the other; returns how long each took until it was there. */
  static long[] connect(InetSocketAddress to, int count) throws IOException {
    long[] times = new long[count];
    for (int i = 0; i < count; i++) {
      long begin = System.nanoTime();
      try (Socket socket = new Socket()) {
        socket.connect(to, LIMIT_MILLIS);
        times[i] = System.nanoTime() - begin;
        // The server is done with it before the next one, and no port stays behind.
        prepare(socket);
        exchange(socket.getInputStream(), socket.getOutputStream());
      }
    }
    return times;
  }

  private static void prepare(Socket socket) throws IOException {
    socket.setSoTimeout(LIMIT_MILLIS);
    socket.setTcpNoDelay(true);
    socket.setSoLinger(true, 0);
  }

  private static void exchange(InputStream in, OutputStream out) throws IOException {
    out.write(PathServer.ECHO);
    if (in.read() != PathServer.ECHO) {
      throw new EOFException("a server closed a connection instead of an answer");
    }
  }

  /** Requests and answers over one connection, of which the first is left out. */
  static long[] roundTrips(InetSocketAddress to, int count) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(to, LIMIT_MILLIS);
      prepare(socket);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      exchange(in, out);
      long[] times = new long[count];
      for (int i = 0; i < count; i++) {
        long begin = System.nanoTime();
        exchange(in, out);
        times[i] = System.nanoTime() - begin;
      }
      return times;
    }
  }

  /** As {@link #roundTrips}, by datagrams of one socket, the first of which counts. */
  static long[] datagrams(InetSocketAddress to, int count) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(LIMIT_MILLIS);
      DatagramPacket request = new DatagramPacket(new byte[] {PathServer.ECHO}, 1, to);
      DatagramPacket answer = new DatagramPacket(new byte[1], 1);
      long[] times = new long[count];
      for (int i = 0; i < count; i++) {
        long begin = System.nanoTime();
        socket.send(request);
        socket.receive(answer);
        times[i] = System.nanoTime() - begin;
      }
      return times;
    }
  }

  /**
   * Sends as fast as it goes.
   *
   * @param nanos for how long
   * @return bits per second, until the server had all
   */
  static double send(InetSocketAddress to, long nanos) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).put(0, PathServer.BULK);
    try (SocketChannel connection = SocketChannel.open(to)) {
      long sent = 0;
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < nanos) {
        sent += connection.write(buffer.clear());
      }
      connection.shutdownOutput();
      if (connection.read(buffer.clear()) < 1) {
        throw new EOFException(to + " did not say that it had everything");
      }
      return 8 * sent * 1e9 / (System.nanoTime() - begin);
    }
  }
}
