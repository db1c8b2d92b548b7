package io.fairlead.bench.rules;

import java.io.IOException;

/** A node whose Services are changed while a client uses them. Not thread-safe. */
interface Target extends AutoCloseable {

  /** The value of a cell's parameter "contender". */
  String contender();

  /** Makes a change; traffic may follow before or after it returns. */
  Applied apply(Change change) throws IOException, InterruptedException;

  /** A client that reaches the node's Services. */
  ServiceClient client() throws IOException, InterruptedException;

  /** Does, while no clock runs, what the node does by itself while nothing changes. */
  default void settle() throws IOException, InterruptedException {}

  @Override
  void close();
}
