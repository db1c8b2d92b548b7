package io.fairlead.bench.lab;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Asks {@link EchoServer}s, from a given namespace. */
public final class EchoClient {

  private EchoClient() {}

  /** Connects, asks one question and resets the connection, so that no TIME_WAIT stays. */
  public static EchoAnswer tcp(LabNamespace from, InetSocketAddress to, Duration limit)
      throws IOException, InterruptedException {
    return from.call(() -> tcpHere(to, "question", limit));
  }

  /** As {@link #tcp}, in the calling thread's namespace. */
  public static EchoAnswer tcpHere(InetSocketAddress to, String request, Duration limit)
      throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoLinger(true, 0);
      socket.setTcpNoDelay(true);
      socket.connect(to, (int) limit.toMillis());
      socket.setSoTimeout((int) limit.toMillis());
      socket.getOutputStream().write((request + "\n").getBytes(StandardCharsets.UTF_8));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      if (line == null) {
        throw new EOFException(to + " closed the connection without an answer");
      }
      return EchoAnswer.parse(line);
    }
  }

  /** Sends one datagram and waits for the answer; it is not repeated if it is lost. */
  public static EchoAnswer udp(LabNamespace from, InetSocketAddress to, Duration limit)
      throws IOException, InterruptedException {
    return from.call(() -> {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(to);
        socket.setSoTimeout((int) limit.toMillis());
        byte[] request = "question".getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(request, request.length));
        DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
        socket.receive(answer);
        return EchoAnswer.parse(
            new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8));
      }
    });
  }

  /** Who answered how many of {@code count} new connections. */
  public static Map<String, Integer> shares(
      LabNamespace from, InetSocketAddress to, int count, Duration limit)
      throws IOException, InterruptedException {
    return from.call(() -> {
      Map<String, Integer> answers = new HashMap<>();
      for (int i = 0; i < count; i++) {
        answers.merge(tcpHere(to, "question", limit).server(), 1, Integer::sum);
      }
      return new TreeMap<>(answers);
    });
  }
}
