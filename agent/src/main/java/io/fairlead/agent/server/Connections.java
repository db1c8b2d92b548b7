package io.fairlead.agent.server;

import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections of one listener, of which there are only so many. Whoever comes when all places
 * are taken gets the place of the one that has not got on for longest, so that silent peers cannot
 * lock out those who ask. Used on the event loop only.
 */
final class Connections {

  private final int most;

  /** Those whose place may be taken, the longest first. */
  private final Set<Channel> yielding = new LinkedHashSet<>();

  private int open;

  Connections(int most) {
    this.most = most;
  }

  /** Takes a place for {@code channel}; false if everybody else is being served. */
  boolean admit(Channel channel) {
    if (open >= most && !yielding.isEmpty()) {
      // Closing on the event loop itself is done when the call returns.
      var unusedClose = yielding.iterator().next().close();
    }
    if (open >= most) {
      return false;
    }
    open++;
    yielding.add(channel);
    channel
        .closeFuture()
        .addListener(_ -> {
          open--;
          yielding.remove(channel);
        });
    return true;
  }

  /** The answer takes its time, which is not the peer's fault: its place is kept. */
  void keep(Channel channel) {
    yielding.remove(channel);
  }

  /** The peer got on: it is the last whose place is taken. */
  void gotOn(Channel channel) {
    if (yielding.remove(channel)) {
      yielding.add(channel);
    }
  }
}
