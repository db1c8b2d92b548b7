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
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP/1.1 server, over TCP or a Unix socket, mostly for a fixed set of paths. Requests
 * have at most 4 KiB of line and headers each, and a body on the Unix socket only. A peer has ten
 * seconds for a whole request, and for taking a whole answer; there are at most 64 at a time, and
 * who comes then gets the place of the one that has not got on for longest.
 */
public final class HttpListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  private static final int LONGEST_LINE = 4096;
  private static final int LARGEST_HEADERS = 4096;
  private static final int LARGEST_CHUNK = 8192;

  private final Channel channel;
  private final @Nullable Path socketFile;

  /** What every connection of a listener is given. */
  private static final class Service {

    private final Function<String, Route> routes;
    private final ListenerLimits limits;
    private final @Nullable PeerCredentials owner;
    private final Connections connections;

    Service(
        Function<String, Route> routes, ListenerLimits limits, @Nullable PeerCredentials owner) {
      this(routes, limits, owner, new Connections(limits.connections()));
    }

    Service(
        Function<String, Route> routes,
        ListenerLimits limits,
        @Nullable PeerCredentials owner,
        Connections connections) {
      this.routes = routes;
      this.limits = limits;
      this.owner = owner;
      this.connections = connections;
    }

    void accept(Channel child) {
      String stranger = owner == null ? null : owner.stranger(child);
      if (stranger != null) {
        LOG.warn("user {} may not use the admin socket", stranger);
      }
      if (stranger != null || !connections.admit(child)) {
        var unusedClose = child.close();
        return;
      }
      child
          .pipeline()
          .addLast(new HttpServerCodec(LONGEST_LINE, LARGEST_HEADERS, LARGEST_CHUNK))
          .addLast(new HttpObjectAggregator(limits.body(), true))
          .addLast(new RequestHandler(routes, connections, limits.step()));
    }
  }

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
    return tcp(loops, address, routes, ListenerLimits.OPEN_TO_ALL);
  }

  static HttpListener tcp(
      EventLoops loops,
      InetSocketAddress address,
      Map<String, Supplier<Reply>> routes,
      ListenerLimits limits)
      throws ServerException {
    RouteTable table = new RouteTable().complete();
    routes.forEach((path, answer) -> table.add(Map.of(path, Route.of(answer))));
    try {
      return new HttpListener(
          bind(loops, NioServerSocketChannel.class, address, new Service(table, limits, null)),
          null);
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
   * every path alike. All such ports together have as many connections as four others.
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
            new Service(
                _ -> Route.of(answer), ListenerLimits.OPEN_TO_ALL, null, loops.everywhere())),
        null);
  }

  /**
   * Listens on a Unix socket for this user alone: the file's mode says so from the moment on in
   * which it has its name, and every peer's credentials are looked at, too. A socket file that a
   * dead process left behind is replaced.
   *
   * @param routes what answers each path
   * @throws ServerException if another process listens there, or the file cannot be made
   */
  public static HttpListener unix(EventLoops loops, Path file, RouteTable routes)
      throws ServerException {
    return unix(loops, file, routes, ListenerLimits.ADMIN);
  }

  static HttpListener unix(EventLoops loops, Path file, RouteTable routes, ListenerLimits limits)
      throws ServerException {
    try {
      UnixSocketFile.claim(file, "admin-socket");
      try (PrivateFolder folder = PrivateFolder.beside(file)) {
        Path hidden = folder.socket();
        PeerCredentials owner = PeerCredentials.ownerOf(folder.path());
        Channel channel =
            bind(
                loops,
                NioServerDomainSocketChannel.class,
                UnixDomainSocketAddress.of(hidden),
                new Service(routes, limits, owner));
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
        Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
        return new HttpListener(channel, file);
      }
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
      EventLoops loops, Class<? extends ServerChannel> type, SocketAddress address, Service service)
      throws IOException {
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
                    service.accept(child);
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
