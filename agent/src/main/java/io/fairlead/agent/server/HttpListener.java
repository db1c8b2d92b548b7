package io.fairlead.agent.server;

import io.fairlead.agent.node.FileReason;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 server, over TCP or a Unix socket, mostly for a fixed set of paths. Requests
 * have at most 4 KiB of line and headers each, and a body on the Unix socket only; a connection
 * that says nothing for ten seconds is closed, as are those beyond 64.
 */
public final class HttpListener implements AutoCloseable {

  private static final int LONGEST_LINE = 4096;
  private static final int LARGEST_HEADERS = 4096;
  private static final int LARGEST_CHUNK = 8192;

  /** Nobody has anything to say to metrics and health. */
  private static final int SMALL_BODY = 1024;

  /** Manifests are posted to the admin socket. */
  private static final int LARGE_BODY = 8 << 20;

  private static final int MOST_CONNECTIONS = 64;
  private static final long IDLE_SECONDS = 10;

  private final Channel channel;
  private final @Nullable Path socketFile;

  private HttpListener(Channel channel, @Nullable Path socketFile) {
    this.channel = channel;
    this.socketFile = socketFile;
  }

  /**
   * Listens on a TCP port.
   *
   * @param routes what answers each path
   * @throws ServerException if the port is taken or not allowed
   */
  public static HttpListener tcp(
      EventLoops loops, InetSocketAddress address, Map<String, Supplier<Reply>> routes)
      throws ServerException {
    RouteTable table = new RouteTable().complete();
    routes.forEach((path, answer) -> table.add(Map.of(path, Route.of(answer))));
    try {
      return new HttpListener(
          bind(loops, NioServerSocketChannel.class, address, table, SMALL_BODY), null);
    } catch (IOException e) {
      String where = address.getAddress().getHostAddress() + " port " + address.getPort();
      throw new ServerException(
          e instanceof BindException && String.valueOf(e.getMessage()).contains("in use")
              ? "The metrics address "
                  + where
                  + " is in use by another program. Stop it, or choose another --metrics-address"
              : "The metrics address "
                  + where
                  + " cannot be listened on: "
                  + e.getMessage()
                  + ". Choose another --metrics-address",
          e);
    }
  }

  /**
   * Listens on a TCP port of all addresses of the calling thread's network namespace, and answers
   * every path alike.
   *
   * @throws IOException in the system's words
   */
  public static HttpListener everywhere(EventLoops loops, int port, Supplier<Reply> answer)
      throws IOException {
    return new HttpListener(
        bind(
            loops,
            NioServerSocketChannel.class,
            new InetSocketAddress(port),
            _ -> Route.of(answer),
            SMALL_BODY),
        null);
  }

  /**
   * Listens on a Unix socket that only this user may connect to. A socket file that a dead process
   * left behind is replaced.
   *
   * @param routes what answers each path
   * @throws ServerException if another process listens there, or the file cannot be made
   */
  public static HttpListener unix(EventLoops loops, Path file, RouteTable routes)
      throws ServerException {
    try {
      UnixSocketFile.claim(file, "admin-socket");
      Channel channel =
          bind(
              loops,
              NioServerDomainSocketChannel.class,
              UnixDomainSocketAddress.of(file),
              routes,
              LARGE_BODY);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return new HttpListener(channel, file);
    } catch (IOException e) {
      throw new ServerException(
          "The admin socket "
              + file
              + " cannot be listened on: "
              + FileReason.of(e)
              + ". Check the folder's rights, or choose another --admin-socket",
          e);
    }
  }

  private static Channel bind(
      EventLoops loops,
      Class<? extends ServerChannel> type,
      SocketAddress address,
      Function<String, Route> routes,
      int largestBody)
      throws IOException {
    AtomicInteger connections = new AtomicInteger();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(type)
            .option(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel child) {
                    accept(child, connections, routes, largestBody);
                  }
                });
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (bound.cause() instanceof IOException e) {
      throw e;
    }
    if (bound.cause() != null) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    return bound.channel();
  }

  private static void accept(
      Channel child, AtomicInteger connections, Function<String, Route> routes, int largestBody) {
    if (connections.incrementAndGet() > MOST_CONNECTIONS) {
      connections.decrementAndGet();
      var unusedClose = child.close();
      return;
    }
    child.closeFuture().addListener(_ -> connections.decrementAndGet());
    child
        .pipeline()
        .addLast(new ReadTimeoutHandler(IDLE_SECONDS, TimeUnit.SECONDS))
        .addLast(new HttpServerCodec(LONGEST_LINE, LARGEST_HEADERS, LARGEST_CHUNK))
        .addLast(new HttpObjectAggregator(largestBody, true))
        .addLast(new RequestHandler(routes));
  }

  /** The TCP port listened on, or -1 for a Unix socket. */
  public int port() {
    return channel.localAddress() instanceof InetSocketAddress address ? address.getPort() : -1;
  }

  /** Stops listening and removes the socket file. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    if (socketFile != null) {
      try {
        Files.deleteIfExists(socketFile);
      } catch (IOException e) {
        // The next start replaces it.
      }
    }
  }
}
