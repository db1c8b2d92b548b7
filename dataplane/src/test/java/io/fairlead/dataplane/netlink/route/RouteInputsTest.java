package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.testing.Decoding;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Messages of NETLINK_ROUTE. */
class RouteInputsTest {

  @FuzzTest
  void message(byte[] input) {
    Decoding.of(input, MalformedMessageException.class, () -> read(input));
  }

  private static void read(byte[] input) throws IOException {
    assertThat(TrafficCodec.decode(NetlinkMessage.parse(input)).toString()).isNotEmpty();
    describe(BridgePortCodec.decode(NetlinkMessage.parse(input)));
    RouteEvent event = RouteMonitor.decode(NetlinkMessage.parse(input));
    describe(event);
    if (event instanceof RouteEvent.Changed(RouteEntry entry)) {
      // What was read can be written, and is then read alike.
      RouteObject again = reread(entry);
      assertThat(reread((RouteEntry) again)).isEqualTo(again);
    }
    describe(LinkSysctlsCodec.decode(NetlinkMessage.parse(input)));
    describe(RouteCodec.decodeAnswer(NetlinkMessage.parse(input)));
  }

  private static RouteObject reread(RouteEntry entry) throws IOException {
    RouteRequest request = RouteRequest.of(new RouteOperation.Add(entry));
    MessageWriter writer = new MessageWriter();
    writer.begin(request.type(), request.flags(), 1);
    request.body().write(writer);
    writer.end();
    RouteEvent event = RouteMonitor.decode(NetlinkMessage.parse(writer.toBytes()));
    if (event instanceof RouteEvent.Changed(RouteObject object)) {
      return object;
    }
    throw new AssertionError(entry + " was written and read as " + event);
  }

  private static void describe(@Nullable Object decoded) {
    assertThat(String.valueOf(decoded)).isNotEmpty();
  }
}
