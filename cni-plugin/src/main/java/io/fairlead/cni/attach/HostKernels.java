package io.fairlead.cni.attach;

import io.fairlead.dataplane.netlink.route.RouteKernel;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Sockets in the host's network namespace, as many as there are requests at once, so that none
 * waits for the answer to another. Thread-safe.
 */
final class HostKernels implements AutoCloseable {

  private final BridgeNetwork.HostKernel opener;
  private final ConcurrentLinkedDeque<RouteKernel> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  HostKernels(BridgeNetwork.HostKernel opener) {
    this.opener = opener;
  }

  /** A socket that nobody else uses until it is given back by closing. */
  record Borrowed(RouteKernel kernel, HostKernels owner) implements AutoCloseable {
    @Override
    public void close() {
      owner.giveBack(kernel);
    }
  }

  Borrowed borrow() throws IOException {
    RouteKernel kernel = idle.pollFirst();
    return new Borrowed(kernel == null ? opener.open() : kernel, this);
  }

  private void giveBack(RouteKernel kernel) {
    idle.addFirst(kernel);
    if (closed) {
      closeIdle();
    }
  }

  private void closeIdle() {
    for (RouteKernel kernel = idle.pollFirst(); kernel != null; kernel = idle.pollFirst()) {
      kernel.close();
    }
  }

  /** Closes idle sockets at once and borrowed ones when they come back. */
  @Override
  public void close() {
    closed = true;
    closeIdle();
  }
}
