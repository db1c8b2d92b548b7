package io.fairlead.agent.server;

import io.netty.buffer.Unpooled;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests by the routes of their paths; one per connection. A peer that asks again before
 * it has taken its answer is let go, so that answers never queue up.
 */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final Function<String, Route> routes;
  private final Connections connections;
  private final Deadline deadline;
  private boolean answering;

  /**
   * @param routes what answers a path, which is given without its query
   * @param connections of the listener
   * @param step how long a peer may take for a whole request, and for a whole answer
   */
  RequestHandler(Function<String, Route> routes, Connections connections, Duration step) {
    this.routes = routes;
    this.connections = connections;
    this.deadline = new Deadline(step);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    deadline.start(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.stop();
  }

  /** A request that is whole, apart from Netty's buffers. */
  private record Asked(boolean head, boolean keepAlive) {}

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    if (answering) {
      var unusedClose = context.close();
      return;
    }
    answering = true;
    deadline.stop();
    connections.gotOn(context.channel());
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

  private void answer(ChannelHandlerContext context, Asked asked, Request request, Route route) {
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
          connections.keep(context.channel());
        } catch (RefusedException e) {
          send(context, asked, Reply.text(400, String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private void sendLater(
      ChannelHandlerContext context, Asked asked, Request request, CompletionStage<Reply> answer) {
    // Whoever waits says nothing for as long as it takes; the connection ends with the answer.
    connections.keep(context.channel());
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

  private void send(ChannelHandlerContext context, Asked asked, Reply reply) {
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
    deadline.start(context);
    context
        .writeAndFlush(response)
        .addListener(written -> {
          // What else a peer that was let go has sent is not worth an answer.
          if (written.isSuccess() && asked.keepAlive()) {
            answering = false;
            connections.gotOn(context.channel());
            deadline.start(context);
          } else {
            var unusedClose = context.close();
          }
        });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection closed: {}", cause.toString());
    var unusedClose = context.close();
  }
}
