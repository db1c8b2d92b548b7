package io.fairlead.agent.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed on its way to a client: lines of JSON (application/x-ndjson) until either end closes. A
 * client that reads slowly loses lines rather than fill the agent's memory.
 */
final class LineStream implements Feed.LineSink {

  private static final Logger LOG = LoggerFactory.getLogger(LineStream.class);

  /** Bytes of lines that wait to be written at most; a longer line goes when none waits. */
  static final int MOST_WAITING = 4 << 20;

  /** What a line that waits costs besides its text, about. */
  private static final int COST_OF_LINE = 1024;

  private final Channel channel;
  private final AtomicLong waiting = new AtomicLong();

  private LineStream(Channel channel) {
    this.channel = channel;
  }

  static void begin(ChannelHandlerContext context, Request request, Feed feed)
      throws RefusedException {
    Channel channel = context.channel();
    LineStream stream = new LineStream(channel);
    // The header goes first, whatever the feed says at once.
    AutoCloseable opened = feed.open(request, stream);
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/x-ndjson");
    head.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    var unusedWrite = context.writeAndFlush(head);
    channel.closeFuture().addListener(_ -> close(opened));
  }

  private static void close(AutoCloseable opened) {
    try {
      opened.close();
    } catch (Exception e) {
      LOG.warn("A feed did not end well: {}", e.getMessage());
    }
  }

  @Override
  public boolean line(String json) {
    if (!channel.isActive()) {
      return false;
    }
    byte[] bytes = (json + "\n").getBytes(StandardCharsets.UTF_8);
    long cost = (long) bytes.length + COST_OF_LINE;
    long before = waiting.getAndAdd(cost);
    if (before > 0 && before + cost > MOST_WAITING) {
      waiting.addAndGet(-cost);
      return false;
    }
    // Always a task of its own, so that a line of the opening comes after the header.
    channel
        .eventLoop()
        .execute(() ->
            channel
                .writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)))
                .addListener(_ -> waiting.addAndGet(-cost)));
    return true;
  }
}
