package io.fairlead.bench.effort;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.sys.NativeBuffer;
import org.junit.jupiter.api.Test;

class NetlinkMeterTest {

  @Test
  void messagesAndBytesOfEachDirection() {
    try (NetlinkMeter meter = NetlinkMeter.open()) {
      MessageWriter writer = new MessageWriter();
      writer.begin(16, 0, 1).bytes(new byte[3]).end(); // 19 bytes, padded to 20
      writer.begin(17, 0, 2).end(); // 16
      writer.begin(18, 0, 3).bytes(new byte[8]).end(); // 24
      meter.sent(writer.buffer(), 0, writer.length());
      meter.sent(writer.buffer(), 20, 40);
      meter.received(writer.buffer(), 36);
      meter.received(writer.buffer(), 0);
      assertThat(meter.traffic()).isEqualTo(new NetlinkMeter.Traffic(5, 2, 100, 36, 4));
      NetlinkMeter.Traffic before = meter.traffic();
      meter.sent(writer.buffer(), 0, 20);
      assertThat(meter.traffic().since(before)).isEqualTo(new NetlinkMeter.Traffic(1, 0, 20, 0, 1));
    }
  }

  @Test
  void whatIsCutOffOrSenselessEnds() {
    try (NetlinkMeter meter = NetlinkMeter.open()) {
      // A length of zero would otherwise be read forever.
      meter.received(NativeBuffer.allocate(32), 32);
      assertThat(meter.traffic().messagesReceived()).isEqualTo(2);
      meter.received(NativeBuffer.allocate(16), 5000);
      assertThat(meter.traffic()).isEqualTo(new NetlinkMeter.Traffic(0, 3, 0, 5032, 2));
    }
  }
}
