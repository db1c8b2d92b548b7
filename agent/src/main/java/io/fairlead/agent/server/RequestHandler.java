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
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests by the routes of their paths; one per connection. */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final Function<String, Route> routes;

  /**
   * @param routes what answers a path, which is given without its query
   */
  RequestHandler(Function<String, Route> routes) {
    this.routes = routes;
  }

  /** A request that is whole, apart from Netty's buffers. */
  private record Asked(boolean head, boolean keepAlive) {}

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    boolean understood = message.decoderResult().isSuccess();
    Asked asked =
        new Asked(
            message.method().equals(HttpMethod.HEAD), understood && HttpUtil.isKeepAlive(message));
    if (!understood) {
      send(context, asked, Reply.text(400, "This is not an HTTP request that is understood here."));
      return;
    }
    QueryStringDecoder uri = new QueryStringDecoder(message.uri());
    try {
      Request request = request(uri, message);
      Route route = routes.apply(request.path());
      boolean posted = route instanceof Route.Posted;
      if (posted ? !message.method().equals(HttpMethod.POST) : !isReading(message.method())) {
        send(
            context,
            asked,
            Reply.text(
                405,
                posted ? "Only POST is answered here." : "Only GET and HEAD are answered here."));
        return;
      }
      answer(context, asked, request, route);
    } catch (IllegalArgumentException e) {
      send(
          context,
          asked,
          Reply.text(400, "The query of this request is not understood: " + e.getMessage()));
    } catch (RuntimeException e) {
      send(context, asked, unexpected(uri.uri(), e));
    }
  }

  private static Request request(QueryStringDecoder uri, FullHttpRequest message) {
    Map<String, String> parameters = new HashMap<>();
    uri.parameters().forEach((name, values) -> parameters.put(name, values.getLast()));
    return new Request(uri.path(), parameters, message.content().toString(StandardCharsets.UTF_8));
  }

  private static boolean isReading(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private static void answer(
      ChannelHandlerContext context, Asked asked, Request request, Route route) {
    switch (route) {
      case Route.Immediate(Function<Request, Reply> answer) ->
          send(context, asked, answer.apply(request));
      case Route.Eventual(Function<Request, CompletionStage<Reply>> answer) ->
          sendLater(context, asked, request, answer.apply(request));
      case Route.Posted(Function<Request, CompletionStage<Reply>> answer) ->
          sendLater(context, asked, request, answer.apply(request));
      case Route.Streamed(Feed feed) -> {
        try {
          LineStream.begin(context, request, feed);
        } catch (RefusedException e) {
          send(context, asked, Reply.text(400, String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private static void sendLater(
      ChannelHandlerContext context, Asked asked, Request request, CompletionStage<Reply> answer) {
    // A client that waits says nothing for as long as it takes; its connection ends with the
    // answer.
    if (context.pipeline().get(ReadTimeoutHandler.class) != null) {
      context.pipeline().remove(ReadTimeoutHandler.class);
    }
    Asked last = new Asked(asked.head(), false);
    var _ =
        answer.whenComplete((reply, failure) ->
            context
                .executor()
                .execute(() ->
                    send(
                        context,
                        last,
                        failure == null ? reply : failed(request.path(), cause(failure)))));
  }

  private static Throwable cause(Throwable failure) {
    @Nullable Throwable cause = failure.getCause();
    boolean isWrapped =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return isWrapped && cause != null ? cause : failure;
  }

  private static Reply failed(String path, Throwable failure) {
    if (failure instanceof RefusedException) {
      return Reply.text(400, String.valueOf(failure.getMessage()));
    }
    return failure instanceof RuntimeException
        ? unexpected(path, failure)
        : Reply.text(500, String.valueOf(failure.getMessage()));
  }

  private static Reply unexpected(String path, Throwable failure) {
    LOG.error("Answering {} failed unexpectedly; please report it", path, failure);
    return Reply.text(500, "Answering failed; the agent's log says why.");
  }

  private static void send(ChannelHandlerContext context, Asked asked, Reply reply) {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            asked.head() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    reply.headers().forEach(response.headers()::set);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    HttpUtil.setKeepAlive(response, asked.keepAlive());
    ChannelFuture written = context.writeAndFlush(response);
    if (!asked.keepAlive()) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection closed: {}", cause.toString());
    var unusedClose = context.close();
  }
}
