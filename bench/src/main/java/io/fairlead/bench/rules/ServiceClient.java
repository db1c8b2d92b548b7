package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client of Services: makes new TCP connections from a namespace, from one thread, for as long as
 * there are watches, in turns. The next one is begun as soon as the last one has been answered or
 * refused, or after {@link #PATIENCE_NANOS}: so that where packets are dropped, the first one that
 * is not is seen as soon as where they are refused. All connections are reset, and leave nothing.
 */
final class ServiceClient implements AutoCloseable {

  private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;

  /** After so long without an answer the next connection is begun beside this one. */
  private static final long PATIENCE_NANOS = ALONE ? 1_000_000 : 250_000;

  /** The least time between two beginnings. */
  private static final long PERIOD_NANOS = ALONE ? PATIENCE_NANOS : 0;

  /** After so long a connection counts as not answered. */
  private static final long SILENCE_NANOS = 50_000_000;

  private final NamespaceThread thread;
  private final Selector selector;
  private final Queue<Watch> added = new ConcurrentLinkedQueue<>();
  private final Deque<Turn> turns = new ArrayDeque<>();

  /** In the order of their beginnings. */
  private final Deque<Pending> pending = new ArrayDeque<>();

  private final ByteBuffer answer = ByteBuffer.allocateDirect(4);
  private final Thread metronome;
  private volatile boolean busy;
  private volatile boolean closed;
  private @Nullable Pending last;

  private ServiceClient(NamespaceThread thread) throws IOException {
    this.thread = thread;
    this.selector = Selector.open();
    this.metronome = Thread.ofPlatform().daemon().name("metronome").start(this::beat);
  }

  /** A client in {@code namespace} that does nothing until it is given a watch. */
  static ServiceClient start(LabNamespace namespace) throws IOException {
    NamespaceThread thread = namespace.newThread("client");
    ServiceClient client = new ServiceClient(thread);
    Thread.ofVirtual().start(client::runOnThread);
    return client;
  }

  /** A watch, and when its next connection is due. */
  private static final class Turn {
    private final Watch watch;
    private long due = Long.MIN_VALUE;

    Turn(Watch watch) {
      this.watch = watch;
    }
  }

  /** A connection that has neither been answered nor refused yet. */
  private static final class Pending {
    private final Watch watch;
    private final SocketChannel channel;
    private final long begin;
    private final long sent;
    private boolean over;

    Pending(Watch watch, SocketChannel channel, long begin, long sent) {
      this.watch = watch;
      this.channel = channel;
      this.begin = begin;
      this.sent = sent;
    }
  }

  /** Begins to look for something; any thread may call it. */
  void watch(Watch watch) {
    added.add(watch);
    busy = true;
    LockSupport.unpark(metronome);
    selector.wakeup();
  }

  /** Wakes the client as often as it may have to begin a connection beside one that is silent. */
  private void beat() {
    while (!closed) {
      if (busy) {
        LockSupport.parkNanos(PATIENCE_NANOS);
        selector.wakeup();
      } else {
        LockSupport.park();
      }
    }
  }

  private void runOnThread() {
    try {
      thread.call(() -> {
        run();
        return this;
      });
    } catch (Exception e) {
      turns.forEach(turn -> turn.watch.failed(e));
      added.forEach(watch -> watch.failed(e));
    }
  }

  private void run() throws IOException {
    while (!closed) {
      for (Watch watch = added.poll(); watch != null; watch = added.poll()) {
        turns.addFirst(new Turn(watch));
      }
      turns.removeIf(turn -> turn.watch.isDone());
      busy = !turns.isEmpty() || !added.isEmpty();
      beginNext();
      selector.select(this::progress);
      giveUp();
    }
    new ArrayList<>(pending).forEach(each -> close(each.channel));
    selector.close();
  }

  private void beginNext() throws IOException {
    long now = System.nanoTime();
    if (last != null && now - last.begin < (last.over ? PERIOD_NANOS : PATIENCE_NANOS)) {
      return;
    }
    for (int i = turns.size(); i > 0; i--) {
      Turn turn = turns.removeFirst();
      turns.addLast(turn);
      if (turn.due <= now) {
        turn.due = now + turn.watch.periodNanos();
        begin(turn.watch);
        return;
      }
    }
  }

  private void begin(Watch watch) throws IOException {
    long begin = System.nanoTime();
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    watch.began();
    boolean connected;
    try {
      connected = channel.connect(watch.to());
    } catch (IOException _) {
      long end = System.nanoTime();
      close(channel);
      watch.saw(new Attempt(begin, end, end, Attempt.Outcome.REFUSED, 0));
      return;
    }
    Pending made = new Pending(watch, channel, begin, System.nanoTime());
    pending.addLast(made);
    last = made;
    channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, made);
  }

  private void progress(SelectionKey key) {
    if (!(key.attachment() instanceof Pending of) || of.over) {
      return;
    }
    try {
      if (key.isConnectable() && of.channel.finishConnect()) {
        key.interestOps(SelectionKey.OP_READ);
      } else if (key.isReadable()) {
        boolean whole = of.channel.read(answer.clear()) == answer.capacity();
        end(of, whole ? Attempt.Outcome.ANSWERED : Attempt.Outcome.REFUSED);
      }
    } catch (IOException _) {
      end(of, Attempt.Outcome.REFUSED);
    }
  }

  private void end(Pending of, Attempt.Outcome outcome) {
    long end = System.nanoTime();
    of.over = true;
    long address = 0;
    if (outcome == Attempt.Outcome.ANSWERED) {
      address = Integer.toUnsignedLong(answer.flip().getInt());
    }
    close(of.channel);
    of.watch.saw(new Attempt(of.begin, of.sent, end, outcome, address));
  }

  private void giveUp() {
    long before = System.nanoTime() - SILENCE_NANOS;
    for (Pending first = pending.peekFirst();
        first != null && (first.over || first.begin < before);
        first = pending.peekFirst()) {
      pending.removeFirst();
      if (!first.over) {
        end(first, Attempt.Outcome.UNANSWERED);
      }
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(metronome);
    selector.wakeup();
    thread.close();
  }
}
