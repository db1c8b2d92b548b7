package io.fairlead.bench.policy;

import java.io.IOException;

/**
 * Something that enforces policies on a node, in a network namespace of its own. Not thread-safe.
 */
public interface Contender extends AutoCloseable {

  /** As the table shows it. */
  String name();

  /**
   * Begins anew and puts a cluster into the kernel, whatever is there of a former beginning.
   *
   * @return nanoseconds, from having the records until the kernel has acknowledged all
   */
  long load(ClusterObjects cluster) throws IOException, InterruptedException;

  /**
   * Puts a change into the kernel.
   *
   * @param after what the cluster is with it
   * @return nanoseconds, from having the record until the kernel has acknowledged what enforces it
   */
  long change(ClusterObjects after, Change change) throws IOException, InterruptedException;

  /** What it has sent so far. */
  default Effort effort() {
    return Effort.NOT_MEASURED;
  }

  /** Ends it; its namespace is gone then. */
  @Override
  void close();

  /**
   * What was sent to the kernel.
   *
   * @param operations of transactions, which are netlink messages or parts of one
   * @param elements of sets that came or went, each a part of an operation
   */
  record Effort(long operations, long elements) {
    static final Effort NOT_MEASURED = new Effort(-1, -1);

    boolean isMeasured() {
      return operations >= 0;
    }
  }
}
