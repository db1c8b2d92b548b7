package io.fairlead.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.testing.Decoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** What anybody may send to the metrics port. */
class RequestInputsTest {

  private static final RouteTable ROUTES =
      new RouteTable()
          .add(
              Map.of(
                  "/ok",
                  new Route.Immediate(request -> Reply.text(200, request.parameters().toString()))))
          .complete();

  @FuzzTest
  void connection(byte[] input) {
    Decoding.of(input, IOException.class, () -> send(input));
  }

  private static void send(byte[] input) {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpServerCodec(4096, 4096, 8192),
            new HttpObjectAggregator(1024, true),
            new RequestHandler(ROUTES, new Connections(1), Duration.ofSeconds(10)));
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(input));
      channel.runPendingTasks();
      for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
        String text = part.toString(StandardCharsets.UTF_8);
        part.release();
        // What fails unexpectedly is answered with 500.
        assertThat(text).doesNotStartWith("HTTP/1.1 5");
      }
      channel.checkException();
    } finally {
      channel.finishAndReleaseAll();
    }
  }
}
