package io.fairlead.dataplane.sys;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A platform thread that lives inside one network namespace. The namespace is a property of the
 * thread, so a socket opened or a process started by work given to {@link #call} belongs to that
 * namespace, and no other thread ever changes its own. Processes started here with a parent-death
 * signal end with this object. Thread-safe.
 */
public final class NamespaceThread implements AutoCloseable {

  private final NetworkNamespace namespace;
  private final ExecutorService executor;

  private NamespaceThread(NetworkNamespace namespace, ExecutorService executor) {
    this.namespace = namespace;
    this.executor = executor;
  }

  /** A thread in a new namespace that has nothing but a loopback device, which is down. */
  public static NamespaceThread create(String name) throws SystemCallException {
    ExecutorService executor = newExecutor(name);
    return start(
        executor,
        () -> {
          NetworkNamespace.unshare();
          return NetworkNamespace.current();
        });
  }

  /** A thread in an existing namespace. Takes over {@code namespace}, even if it throws. */
  public static NamespaceThread enter(String name, NetworkNamespace namespace)
      throws SystemCallException {
    ExecutorService executor = newExecutor(name);
    return start(
        executor,
        () -> {
          try {
            namespace.enter();
          } catch (SystemCallException e) {
            namespace.close();
            throw e;
          }
          return namespace;
        });
  }

  private static ExecutorService newExecutor(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  private static NamespaceThread start(ExecutorService executor, Callable<NetworkNamespace> entry)
      throws SystemCallException {
    try {
      return new NamespaceThread(await(executor.submit(entry)), executor);
    } catch (SystemCallException e) {
      executor.shutdown();
      throw e;
    } catch (Exception e) {
      executor.shutdown();
      throw new IllegalStateException("entering a network namespace failed", e);
    }
  }

  public NetworkNamespace namespace() {
    return namespace;
  }

  /**
   * Runs {@code work} on the thread and waits for it. What it throws is thrown here. Never call it
   * from the thread itself.
   */
  public <T> T call(Callable<T> work) throws Exception {
    return await(executor.submit(work));
  }

  private static <T> T await(Future<T> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception exception -> {
          // The trace of the thread that asked says more than that of the thread that obeyed.
          exception.addSuppressed(new Exception("called from here"));
          throw exception;
        }
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** Ends the thread after the work it has; the namespace goes once nothing else holds it. */
  @Override
  public void close() {
    executor.close();
    namespace.close();
  }
}
