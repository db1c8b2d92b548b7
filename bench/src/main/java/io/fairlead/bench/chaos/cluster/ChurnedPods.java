package io.fairlead.bench.chaos.cluster;

import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pods that come and go, as long as they are there. Thread-safe. */
public final class ChurnedPods {

  private final List<Pod> pods = new ArrayList<>();

  synchronized void add(Pod pod) {
    pods.add(pod);
  }

  /** Takes the oldest pod of a node out: the caller alone deletes it. */
  synchronized Optional<Pod> take(Node node) {
    Optional<Pod> oldest = on(node);
    oldest.ifPresent(pods::remove);
    return oldest;
  }

  /** The oldest pod of a node; it may go at any time. */
  public synchronized Optional<Pod> on(Node node) {
    return pods.stream().filter(pod -> pod.node() == node).findFirst();
  }

  synchronized int count(Node node) {
    return (int) pods.stream().filter(pod -> pod.node() == node).count();
  }
}
