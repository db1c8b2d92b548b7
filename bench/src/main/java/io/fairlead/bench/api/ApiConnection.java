package io.fairlead.bench.api;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.ReferenceCounted;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One connection of a client: hands requests to the double and carries its answers. */
final class ApiConnection extends SimpleChannelInboundHandler<ReferenceCounted> {

  private final Executor executor;
  private final Consumer<ApiCall> handler;

  ApiConnection(Executor executor, Consumer<ApiCall> handler) {
    this.executor = executor;
    this.handler = handler;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ReferenceCounted message) {
    switch (message) {
      case FullHttpRequest request -> {
        Call call = new Call(context.channel(), request.retain());
        executor.execute(() -> call.answer(handler));
      }
      case PingWebSocketFrame ping -> {
        var unusedWrite = context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      }
      case CloseWebSocketFrame close -> {
        var unusedWrite =
            context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
      }
      case WebSocketFrame _ -> {}
      default -> close(context);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    close(context); // The client went, or spoke something else than HTTP.
  }

  private static void close(ChannelHandlerContext context) {
    var unusedClose = context.close();
  }

  /** Waits for a write that the event loop does. */
  private static void complete(Future<?> write) throws IOException {
    write.awaitUninterruptibly();
    if (!write.isSuccess()) {
      throw new IOException("the client has gone", write.cause());
    }
  }

  private record Call(Channel channel, FullHttpRequest request) implements ApiCall {

    void answer(Consumer<ApiCall> handler) {
      try {
        handler.accept(this);
      } finally {
        request.release();
      }
    }

    @Override
    public String method() {
      return request.method().name();
    }

    @Override
    public URI uri() {
      return URI.create(request.uri());
    }

    @Override
    public String header(String name) {
      return request.headers().get(name, "");
    }

    @Override
    public byte[] body() {
      return ByteBufUtil.getBytes(request.content());
    }

    @Override
    public void reply(int status, String contentType, byte[] content) throws IOException {
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(status),
              Unpooled.wrappedBuffer(content));
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
      HttpUtil.setContentLength(response, content.length);
      complete(channel.writeAndFlush(response));
    }

    @Override
    public Events events() throws IOException {
      if (HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(header("Upgrade"))) {
        WebSocketServerHandshaker handshaker =
            new WebSocketServerHandshakerFactory(uri().toString(), null, false)
                .newHandshaker(request);
        if (handshaker == null) {
          throw new IOException("the client speaks an unknown version of WebSocket");
        }
        complete(handshaker.handshake(channel, request));
        return new SocketEvents(channel);
      }
      HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      head.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
      HttpUtil.setTransferEncodingChunked(head, true);
      complete(channel.writeAndFlush(head));
      return new ChunkedEvents(channel);
    }
  }

  /** A line of JSON for each event. */
  private record ChunkedEvents(Channel channel) implements ApiCall.Events {

    @Override
    public void send(byte[] json) throws IOException {
      complete(
          channel.writeAndFlush(
              new DefaultHttpContent(Unpooled.wrappedBuffer(json, new byte[] {'\n'}))));
    }

    @Override
    public boolean isOpen() {
      return channel.isActive();
    }

    @Override
    public void finish() throws IOException {
      complete(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    @Override
    public void cut() {
      channel.close().awaitUninterruptibly();
    }
  }

  /** A text frame for each event. */
  private record SocketEvents(Channel channel) implements ApiCall.Events {

    @Override
    public void send(byte[] json) throws IOException {
      complete(channel.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(json))));
    }

    @Override
    public boolean isOpen() {
      return channel.isActive();
    }

    @Override
    public void finish() throws IOException {
      complete(channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE)));
    }

    @Override
    public void cut() {
      channel.close().awaitUninterruptibly();
    }
  }
}
