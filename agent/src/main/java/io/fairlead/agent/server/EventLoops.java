package io.fairlead.agent.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;

/** The one event-loop thread that all of the agent's servers share. */
public final class EventLoops implements AutoCloseable {

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, Thread.ofPlatform().daemon().name("servers").factory(), NioIoHandler.newFactory());

  /** There may be thousands of ports, and the process's descriptors are what CNI requests need. */
  private final Connections everywhere =
      new Connections(4 * ListenerLimits.OPEN_TO_ALL.connections());

  /** Those of all ports that are open on every address. */
  Connections everywhere() {
    return everywhere;
  }

  EventLoopGroup group() {
    return group;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
