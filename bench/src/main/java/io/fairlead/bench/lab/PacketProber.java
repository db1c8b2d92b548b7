package io.fairlead.bench.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends a numbered UDP datagram to an {@link EchoServer} every millisecond or so, all from one
 * socket, and notes which are answered. A datagram counts as lost if its sending was refused, or if
 * no answer came by the end and two seconds more.
 */
public final class PacketProber implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The kernel grants what net.core.rmem_max allows, doubled. */
  static final int RECEIVE_BUFFER = 4 << 20;

  private final DatagramSocket socket;
  private final long intervalNanos;
  private final Thread sender;
  private final Thread receiver;
  private volatile boolean sending = true;

  /** The lists below are guarded by this object. */
  private final List<Long> sentNanos = new ArrayList<>();

  private final BitSet answered = new BitSet();
  private final Map<String, Integer> answers = new TreeMap<>();
  private final Map<String, Integer> refusals = new TreeMap<>();

  private final List<LabNamespace> ends;
  private final int unreadBefore;

  private PacketProber(
      List<LabNamespace> ends, int unreadBefore, DatagramSocket socket, Duration interval) {
    String name = ends.getFirst().name() + "-prober";
    this.ends = ends;
    this.unreadBefore = unreadBefore;
    this.socket = socket;
    this.intervalNanos = interval.toNanos();
    this.sender = Thread.ofPlatform().daemon().name(name + "-send").unstarted(this::send);
    this.receiver = Thread.ofPlatform().daemon().name(name + "-receive").unstarted(this::receive);
  }

  /** Begins to send from {@code namespace} to {@code to}, which is in {@code server}. */
  public static PacketProber start(
      LabNamespace namespace, LabNamespace server, InetSocketAddress to, Duration interval)
      throws IOException, InterruptedException {
    List<LabNamespace> ends = List.of(namespace, server);
    int unreadBefore = UnreadDatagrams.count(ends);
    DatagramSocket socket =
        namespace.call(() -> {
          DatagramSocket made = new DatagramSocket();
          made.setReceiveBufferSize(RECEIVE_BUFFER);
          made.connect(to);
          return made;
        });
    PacketProber prober = new PacketProber(ends, unreadBefore, socket, interval);
    prober.sender.start();
    prober.receiver.start();
    return prober;
  }

  /**
   * A datagram without an answer.
   *
   * @param at since the first one was sent
   */
  public record Loss(int number, Duration at) {}

  /**
   * What was seen.
   *
   * @param answers by the name of the server
   * @param refusals of sendings, by the kernel's words; these datagrams are among the lost
   * @param unread how many arrived at the lab's own sockets and were not read in time, although the
   *     network carried them; they are among the lost, too
   */
  public record Report(
      int sent,
      List<Loss> lost,
      Map<String, Integer> answers,
      Map<String, Integer> refusals,
      int unread) {

    /** Whether the network carried everything. */
    public boolean isLossless() {
      return lost.size() <= unread;
    }

    @Override
    public String toString() {
      String first = lost.isEmpty() ? "" : ", first at " + lost.getFirst().at().toMillis() + " ms";
      String last = lost.isEmpty() ? "" : ", last at " + lost.getLast().at().toMillis() + " ms";
      return lost.size()
          + " of "
          + sent
          + " packets lost"
          + first
          + last
          + (unread == 0 ? "" : " (" + unread + " of them not read in time by the lab itself)")
          + (refusals.isEmpty() ? "" : " " + refusals);
    }
  }

  private void send() {
    while (sending) {
      sendOne();
      // What was missed is not sent later: on one processor nobody else would get a turn.
      LockSupport.parkNanos(intervalNanos);
    }
  }

  private void sendOne() {
    byte[] request;
    synchronized (this) {
      request = Integer.toString(sentNanos.size()).getBytes(StandardCharsets.UTF_8);
      sentNanos.add(System.nanoTime());
    }
    try {
      socket.send(new DatagramPacket(request, request.length));
    } catch (IOException e) {
      synchronized (this) {
        refusals.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
      }
    }
  }

  private void receive() {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    while (!socket.isClosed()) {
      try {
        packet.setLength(2048);
        socket.receive(packet);
        EchoAnswer answer =
            EchoAnswer.parse(
                new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
        synchronized (this) {
          answered.set(Integer.parseInt(answer.request()));
          answers.merge(answer.server(), 1, Integer::sum);
          notifyAll();
        }
      } catch (IOException _) {
        // Closed, which ends the loop; or an ICMP error, whose datagram remains unanswered.
      }
    }
  }

  /** How long ago the first datagram was sent: the clock of {@link Loss}. */
  public synchronized Duration elapsed() {
    return sentNanos.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(System.nanoTime() - sentNanos.getFirst());
  }

  /** How many were answered so far. */
  public synchronized int answered() {
    return answered.cardinality();
  }

  /** Returns once traffic flows: {@code count} more were answered. */
  public void awaitAnswers(int count) throws IOException, InterruptedException {
    int wanted = answered() + count;
    Await.until(count + " probes are answered", Await.PATIENCE, () -> answered() >= wanted);
  }

  /** Stops sending, waits for late answers and reports. */
  public Report finish() throws IOException, InterruptedException {
    sending = false;
    sender.join();
    long end = System.nanoTime() + PATIENCE.toNanos();
    synchronized (this) {
      for (long rest = PATIENCE.toNanos();
          rest > 0 && answered.cardinality() < sentNanos.size();
          rest = end - System.nanoTime()) {
        wait(rest / 1_000_000 + 1);
      }
    }
    close();
    return report(UnreadDatagrams.count(ends) - unreadBefore);
  }

  private synchronized Report report(int unread) {
    List<Loss> lost = new ArrayList<>();
    for (int i = 0; i < sentNanos.size(); i++) {
      if (!answered.get(i)) {
        lost.add(new Loss(i, Duration.ofNanos(sentNanos.get(i) - sentNanos.getFirst())));
      }
    }
    return new Report(sentNanos.size(), lost, Map.copyOf(answers), Map.copyOf(refusals), unread);
  }

  @Override
  public void close() {
    sending = false;
    socket.close();
  }
}
