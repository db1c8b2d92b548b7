package io.fairlead.bench.overlay;

import java.io.IOException;
import java.util.List;

/** Something that brings the way to other nodes' pods into a kernel of its own. */
public interface Contender extends AutoCloseable {

  /** Its column in the table. */
  String name();

  /** Returns once the kernel has route, neighbour and forwarding entry of each peer. */
  void join(List<Peer> peers) throws IOException, InterruptedException;

  /** Returns once it has none of them. */
  void leave(List<Peer> peers) throws IOException, InterruptedException;

  /** How many routes through the tunnel, neighbours and forwarding entries the kernel has. */
  Entries entries() throws IOException, InterruptedException;

  /** Numbers of entries. */
  record Entries(int routes, int neighbours, int forwarding) {}

  @Override
  void close();
}
