package io.fairlead.agent.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose peer takes too long for a step as a whole, however often it sends or
 * takes a byte in between. Used on the event loop only.
 */
final class Deadline {

  private final Duration limit;
  private @Nullable Future<?> pending;

  Deadline(Duration limit) {
    this.limit = limit;
  }

  /** A new step begins. */
  void start(ChannelHandlerContext context) {
    stop();
    pending =
        context.executor().schedule(() -> close(context), limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void close(ChannelHandlerContext context) {
    var unusedClose = context.close();
  }

  /** The step is done. */
  void stop() {
    Future<?> before = pending;
    if (before != null) {
      before.cancel(false);
      pending = null;
    }
  }
}
