package io.fairlead.agent.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers GET and HEAD; one per connection. */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final Function<String, Supplier<Reply>> routes;

  /**
   * @param routes what answers a path, which is given without its query
   */
  RequestHandler(Function<String, Supplier<Reply>> routes) {
    this.routes = routes;
  }

  /** Answers these paths, and names them to whoever asks for another. */
  static Function<String, Supplier<Reply>> paths(Map<String, Supplier<Reply>> routes) {
    Supplier<Reply> nothing =
        () ->
            Reply.text(
                404,
                "There is nothing here. Try " + String.join(", ", new TreeSet<>(routes.keySet())));
    return path -> routes.getOrDefault(path, nothing);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    Reply reply = reply(request);
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            request.method().equals(HttpMethod.HEAD)
                ? Unpooled.EMPTY_BUFFER
                : Unpooled.wrappedBuffer(body));
    reply.headers().forEach(response.headers()::set);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    HttpUtil.setKeepAlive(response, keepAlive);
    ChannelFuture written = context.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private Reply reply(FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      return Reply.text(400, "This is not an HTTP request that is understood here.");
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      return Reply.text(405, "Only GET and HEAD are answered here.");
    }
    String uri = request.uri();
    int query = uri.indexOf('?');
    try {
      return routes.apply(query < 0 ? uri : uri.substring(0, query)).get();
    } catch (RuntimeException e) {
      LOG.error("Answering {} failed unexpectedly; please report it", uri, e);
      return Reply.text(500, "Answering failed; the agent's log says why.");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection closed: {}", cause.toString());
    var unusedClose = context.close();
  }
}
