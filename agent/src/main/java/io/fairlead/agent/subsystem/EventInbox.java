package io.fairlead.agent.subsystem;

import io.fairlead.agent.loop.ReconcileLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Carries the kernel's events from a monitor's thread to the reconciling thread. What arrives while
 * that thread is busy is handed over together. Thread-safe.
 */
final class EventInbox<E> {

  private final ReconcileLoop loop;
  private final Consumer<List<E>> consumer;
  private List<E> waiting = new ArrayList<>();

  /** Hands events to {@code consumer}, on the reconciling thread. */
  EventInbox(ReconcileLoop loop, Consumer<List<E>> consumer) {
    this.loop = loop;
    this.consumer = consumer;
  }

  void accept(E event) {
    boolean first;
    synchronized (this) {
      first = waiting.isEmpty();
      waiting.add(event);
    }
    if (first) {
      loop.submit(() -> consumer.accept(take()));
    }
  }

  private synchronized List<E> take() {
    List<E> taken = waiting;
    waiting = new ArrayList<>();
    return taken;
  }
}
