package io.fairlead.agent.cni;

import io.fairlead.agent.server.ServerException;
import io.fairlead.agent.server.UnixSocketFile;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.cni.wire.FrameException;
import io.fairlead.cni.wire.RequestFrame;
import io.fairlead.cni.wire.ResponseFrame;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import io.fairlead.dataplane.sys.SystemCallException;
import io.fairlead.dataplane.sys.UnixConnection;
import io.fairlead.dataplane.sys.UnixListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the CNI binary: one request and one answer per connection, several at once. Requests that
 * arrive between {@link #listen} and {@link #serve} wait. It takes requests of root alone, as the
 * kernel vouches for. Thread-safe.
 */
public final class CniServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CniServer.class);

  /**
   * More than a kubelet starts pods at a time. Most of them wait for an event from the API server,
   * and those whose event is there must not wait for them. Platform threads, since what a request
   * does are system calls: they would hold the few carriers of virtual threads.
   */
  private static final int CONCURRENT_REQUESTS = 256;

  /**
   * For a whole request to arrive; and a peer that takes nothing of its answer so long has gone.
   */
  private static final Duration PEER_LIMIT = Duration.ofSeconds(10);

  /** Between two looks whether the kernel has room for a connection again. */
  private static final Duration RELIEF_PAUSE = Duration.ofSeconds(1);

  private static final int ROOT = 0;

  private final UnixListener listener;
  private final Handler handler;
  private final ExecutorService workers;
  private final Semaphore places = new Semaphore(CONCURRENT_REQUESTS);
  private final Thread acceptor;

  /** Answers requests; called by several threads at once. */
  @FunctionalInterface
  public interface Handler {

    /**
     * Answers one request.
     *
     * @param descriptors the pod's namespace and a netlink socket in it, or empty; the server
     *     closes them afterwards
     */
    CniResponse handle(CniRequest request, List<OwnedDescriptor> descriptors);

    /**
     * Nobody heard {@code response}: the binary was killed meanwhile, and whoever executed it takes
     * the request for failed.
     */
    default void unheard(CniRequest request, CniResponse response) {}
  }

  private final Duration peerLimit;

  private CniServer(UnixListener listener, Handler handler, Duration peerLimit) {
    this.listener = listener;
    this.handler = handler;
    this.peerLimit = peerLimit;
    this.workers =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("cni-", 0).factory());
    this.acceptor = Thread.ofPlatform().daemon().name("cni-accept").unstarted(this::accept);
  }

  /**
   * Listens at {@code socket}; connections wait until {@link #serve}. A socket file that a dead
   * process left is replaced.
   *
   * @throws ServerException if another agent listens there
   * @throws IOException if the path cannot be used
   */
  public static CniServer listen(Path socket, Handler handler) throws IOException, ServerException {
    return listen(socket, handler, PEER_LIMIT);
  }

  static CniServer listen(Path socket, Handler handler, Duration peerLimit)
      throws IOException, ServerException {
    UnixSocketFile.claim(socket, "cni-socket");
    return new CniServer(UnixListener.listen(socket), handler, peerLimit);
  }

  /** Begins to answer. */
  public void serve() {
    acceptor.start();
  }

  private void accept() {
    try {
      while (true) {
        Optional<UnixConnection> connection;
        try {
          connection = listener.accept();
        } catch (SystemCallException e) {
          awaitRelief(e);
          continue;
        }
        if (connection.isEmpty()) {
          return;
        }
        if (!isRoot(connection.get())) {
          connection.get().close();
          continue;
        }
        places.acquireUninterruptibly();
        workers.execute(() -> {
          try {
            answer(connection.get());
          } finally {
            places.release();
          }
        });
      }
    } catch (IOException e) {
      LOG.error(
          "the CNI socket cannot accept any more, so no pod can be attached: {}", e.getMessage());
    }
  }

  /** Requests wait in the kernel until there is room for their connections again. */
  private static void awaitRelief(SystemCallException cause) throws SystemCallException {
    switch (cause.errno()) {
      case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> {
        LOG.warn("CNI requests have to wait: {}", cause.getMessage());
        LockSupport.parkNanos(RELIEF_PAUSE.toNanos());
      }
      default -> throw cause;
    }
  }

  private void answer(UnixConnection connection) {
    try (connection) {
      CniRequest request = receive(connection, System.nanoTime() + peerLimit.toNanos());
      connection.timeout(peerLimit);
      CniResponse response = handle(request, connection.takeDescriptors());
      try {
        connection.write(ResponseFrame.write(response));
      } catch (IOException e) {
        handler.unheard(request, response);
        throw e;
      }
    } catch (IOException e) {
      LOG.warn("a CNI request was not answered: {}", e.getMessage());
    }
  }

  /** Looked at before a stranger could wait in a place of those who may ask. */
  private static boolean isRoot(UnixConnection connection) throws IOException {
    UnixConnection.Peer peer = connection.peer();
    if (peer.userId() != ROOT) {
      LOG.warn("process {} of user {} may not use the CNI socket", peer.processId(), peer.userId());
    }
    return peer.userId() == ROOT;
  }

  private CniResponse handle(CniRequest request, List<OwnedDescriptor> descriptors) {
    try {
      return handler.handle(request, descriptors);
    } finally {
      descriptors.forEach(OwnedDescriptor::close);
    }
  }

  /**
   * A whole request.
   *
   * @param until the system's nanosecond clock then
   */
  private static CniRequest receive(UnixConnection connection, long until) throws IOException {
    byte[] header = new byte[RequestFrame.HEADER_LENGTH];
    fill(connection, header, until);
    RequestFrame frame = RequestFrame.readHeader(ByteBuffer.wrap(header));
    byte[] body = new byte[frame.bodyLength()];
    fill(connection, body, until);
    return frame.readBody(ByteBuffer.wrap(body));
  }

  private static void fill(UnixConnection connection, byte[] into, long until) throws IOException {
    int at = 0;
    while (at < into.length) {
      Duration left = Duration.ofNanos(until - System.nanoTime());
      if (left.isNegative()) {
        throw new FrameException("the peer took too long for its request");
      }
      // A limit of zero would be none.
      connection.timeout(left.plusMillis(1));
      int length = connection.read(into, at);
      if (length == 0) {
        throw new FrameException("the peer went away within its request");
      }
      at += length;
    }
  }

  /** Takes no more requests, answers those it has, and removes the socket. */
  @Override
  public void close() throws IOException {
    listener.close();
    // First, so that what it has just accepted still finds somebody who answers.
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.close();
    listener.release();
  }
}
