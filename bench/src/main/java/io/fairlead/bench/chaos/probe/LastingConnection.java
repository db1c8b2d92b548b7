package io.fairlead.bench.chaos.probe;

import io.fairlead.bench.lab.LabNamespace;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection through a Service that says something all the time and waits for each answer. One
 * that is cut, or silent for too long, is an incident, and is followed by another connection.
 */
public final class LastingConnection implements Probe {

  private static final long PAUSE_NANOS = 20_000_000;

  /** Far longer than a node of this lab under load ever takes, and a retransmission with it. */
  private static final long STALL_NANOS = 1_500_000_000L;

  /** A client would have given up. */
  private static final int SILENCE_MILLIS = 60_000;

  private static final int CONNECT_MILLIS = 1000;

  private final LabNamespace from;
  private final InetSocketAddress to;
  private final ProbeLog log;
  private final Thread thread;
  private volatile boolean going = true;

  private LastingConnection(LabNamespace from, InetSocketAddress to, ProbeLog log) {
    this.from = from;
    this.to = to;
    this.log = log;
    this.thread = Thread.ofPlatform().daemon().name("lasting-" + log.name()).unstarted(this::run);
  }

  /** Begins to talk. */
  public static LastingConnection start(LabNamespace from, InetSocketAddress to, ProbeLog log) {
    LastingConnection probe = new LastingConnection(from, to, log);
    probe.thread.start();
    return probe;
  }

  private void run() {
    while (going) {
      // That nobody can connect is for another probe to tell.
      try (Socket socket = connect()) {
        talk(socket);
      } catch (IOException _) {
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private Socket connect() throws IOException, InterruptedException {
    Socket socket = from.call(Socket::new);
    try {
      // The kernel's socket, and with it the namespace, is chosen when it is bound.
      from.call(() -> {
        socket.bind(null);
        return socket;
      });
      socket.setTcpNoDelay(true);
      socket.connect(to, CONNECT_MILLIS);
      socket.setSoTimeout(SILENCE_MILLIS);
      return socket;
    } catch (IOException | InterruptedException e) {
      socket.close();
      throw e;
    }
  }

  private void talk(Socket socket) {
    long asked = System.nanoTime();
    try {
      BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      while (going) {
        asked = System.nanoTime();
        socket.getOutputStream().write("word\n".getBytes(StandardCharsets.UTF_8));
        if (answers.readLine() == null) {
          throw new EOFException("closed by the other side");
        }
        long answered = System.nanoTime();
        if (answered - asked > STALL_NANOS) {
          log.incident(Effect.STALLED, asked, answered, "no answer for a while");
        }
        log.success(asked);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (SocketTimeoutException e) {
      log.incident(Effect.STALLED, asked, System.nanoTime(), "no answer any more");
    } catch (IOException e) {
      if (going) {
        log.incident(Effect.CUT, asked, System.nanoTime(), String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public ProbeLog log() {
    return log;
  }

  @Override
  public boolean isWellSince(long nanos) {
    return log.lastSuccess() > nanos;
  }

  @Override
  public void close() {
    going = false;
    thread.interrupt();
  }
}
