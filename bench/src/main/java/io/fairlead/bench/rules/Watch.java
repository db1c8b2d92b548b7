package io.fairlead.bench.rules;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a {@link ServiceClient} looks for at one address, connecting again and again until it has
 * seen it. {@link #saw} is for the client's thread, the rest for any.
 */
abstract class Watch {

  private static final int UNDER_WAY = 2;

  private final InetSocketAddress to;
  private final CompletableFuture<Long> end = new CompletableFuture<>();
  private final CountDownLatch underWay = new CountDownLatch(UNDER_WAY);

  Watch(InetSocketAddress to) {
    this.to = to;
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  /** Where a Service is reached. */
  static InetSocketAddress service(int number) {
    return at(Population.clusterIp(number), Population.SERVICE_PORT);
  }

  /**
   * Sees a change take effect.
   *
   * <ul>
   *   <li>Endpoint replaced, scaled up, Service added: the first connection that a new endpoint
   *       answered; it ends with the answer. Where a Service keeps endpoints, that is also a matter
   *       of chance: so many connections as the Service has endpoints, on the average.
   *   <li>100 endpoints replaced: the same, but the first after the last one that an old endpoint
   *       answered.
   *   <li>Service deleted or scaled to nothing: the first connection since which none was answered;
   *       it ends with the refusal, or where none comes, with the packet that got no answer.
   * </ul>
   */
  static Watch of(Change change) {
    InetSocketAddress to = service(change.service());
    if (change.addresses().isEmpty()) {
      return new Silence(to);
    }
    return new Answer(to, number(change.fresh()), change.kind() == Change.Kind.ROLLED);
  }

  /** Where the first endpoint of a Service is reached without it. */
  static InetSocketAddress endpoint(Population population, int service) {
    return at(population.addresses(service).getFirst(), Population.ENDPOINT_PORT);
  }

  /** Sees that the first endpoint that a change has brought answers without a Service. */
  static Watch endpoint(Change change) {
    InetSocketAddress to = at(change.fresh(), Population.ENDPOINT_PORT);
    return new Answer(to, number(change.fresh()), false);
  }

  /** An IPv4 address as an unsigned number. */
  private static long number(String address) {
    byte[] bytes = InetAddress.ofLiteral(address).getAddress();
    return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt());
  }

  InetSocketAddress to() {
    return to;
  }

  /** The least time between two attempts. */
  long periodNanos() {
    return 0;
  }

  void began() {
    underWay.countDown();
  }

  /** Returns once connections are being made. */
  void awaitUnderWay(Duration limit) throws IOException, InterruptedException {
    if (!underWay.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("nobody connects to " + to);
    }
  }

  /** Takes what became of one connection. Connections that overlap end in any order. */
  abstract void saw(Attempt attempt);

  /** Has seen what it looks for. */
  final void found(long nanoTime) {
    end.complete(nanoTime);
  }

  final void failed(Throwable cause) {
    end.completeExceptionally(cause);
  }

  boolean isDone() {
    return end.isDone();
  }

  /** When what it looks for had been seen, by System.nanoTime. */
  long await(Duration limit) throws IOException, InterruptedException {
    try {
      return end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "traffic to " + to + " did not change within " + limit.toSeconds() + " s: " + e, e);
    }
  }

  /** An endpoint from some address on answers. */
  private static final class Answer extends Watch {

    /** So many in a row mean that no other answers any more. */
    private static final int ALL = 10;

    private final long least;
    private final int wanted;
    private long first;
    private int row;

    Answer(InetSocketAddress to, long least, boolean all) {
      super(to);
      this.least = least;
      this.wanted = all ? ALL : 1;
    }

    @Override
    void saw(Attempt attempt) {
      if (!attempt.isAnswered() || attempt.address() < least) {
        row = 0;
        return;
      }
      if (row++ == 0) {
        first = attempt.end();
      }
      if (row == wanted) {
        found(first);
      }
    }
  }

  /** Nobody answers any more. */
  private static final class Silence extends Watch {

    /** So many in a row are no coincidence. */
    private static final int ALL = 3;

    private long firstBegin;
    private long first;
    private int row;

    Silence(InetSocketAddress to) {
      super(to);
    }

    @Override
    void saw(Attempt attempt) {
      if (attempt.isAnswered()) {
        // Another that began before it may have been given up only now.
        if (attempt.begin() > firstBegin) {
          row = 0;
        }
        return;
      }
      if (row++ == 0) {
        firstBegin = attempt.begin();
        boolean told = attempt.outcome() == Attempt.Outcome.REFUSED;
        first = told ? attempt.end() : attempt.sent();
      }
      if (row == ALL) {
        found(first);
      }
    }
  }
}
