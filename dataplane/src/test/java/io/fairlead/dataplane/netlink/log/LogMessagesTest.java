package io.fairlead.dataplane.netlink.log;

import static io.fairlead.dataplane.netlink.log.LogConstants.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.testing.GoldenVector;
import io.fairlead.dataplane.testing.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogMessagesTest {

  private static byte[] message(int type, NetlinkSocket.RequestBody body) {
    MessageWriter writer = new MessageWriter();
    writer.begin(type, 0x5, 7);
    body.write(writer);
    writer.end();
    return writer.toBytes();
  }

  @Test
  void aReaderBindsAndSaysHowMuchItWants() {
    GoldenVector.assertMatches(
        "log/bind", message(MSG_CONFIG, writer -> LogMessages.writeBind(writer, 4711)));
    GoldenVector.assertMatches(
        "log/mode", message(MSG_CONFIG, writer -> LogMessages.writeMode(writer, 4711, 128)));
  }

  @Test
  void whatAKernelSentIsRead() throws Exception {
    LoggedPacket packet =
        LogDecoder.decode(NetlinkMessage.parse(GoldenVector.read("log/udp-ipv4")));
    assertThat(packet)
        .isEqualTo(
            new LoggedPacket(
                0x0800,
                2,
                "fairlead ingress",
                0x2a,
                2,
                3,
                Instant.parse("2026-11-21T21:29:42.469130Z"),
                0,
                packet.payload()));
    assertThat(PacketHeaders.of(packet.payload()))
        .isEqualTo(
            new PacketHeaders(
                IpAddress.parse("10.244.1.2"), IpAddress.parse("10.244.1.3"), 17, 40000, 9000));
    LoggedPacket later = LogDecoder.decode(NetlinkMessage.parse(GoldenVector.read("log/udp-ipv6")));
    assertThat(later.sequence()).isEqualTo(1);
    assertThat(later.hardwareProtocol()).isEqualTo(0x86dd);
    assertThat(PacketHeaders.of(later.payload()))
        .isEqualTo(
            new PacketHeaders(
                IpAddress.parse("fd00:244::2"), IpAddress.parse("fd00:244::3"), 17, 40000, 9000));
  }

  private static byte[] message(LoggedPacket packet) {
    return message(
        MSG_PACKET,
        writer -> {
          writer.u8(2).u8(0).u16Be(4711);
          int header = writer.beginAttribute(NFULA_PACKET_HDR);
          writer.u16Be(packet.hardwareProtocol()).u8(packet.hook()).u8(0);
          writer.endAttribute(header);
          writer.attributeString(NFULA_PREFIX, packet.prefix());
          writer.attributeU32Be(NFULA_IFINDEX_INDEV, packet.in());
          writer.attributeU32Be(NFULA_IFINDEX_OUTDEV, packet.out());
          writer.attributeU32Be(NFULA_MARK, packet.mark());
          Instant time = packet.time();
          if (time != null) {
            int stamp = writer.beginAttribute(NFULA_TIMESTAMP);
            writer.u64Be(time.getEpochSecond()).u64Be(time.getNano() / 1000);
            writer.endAttribute(stamp);
          }
          writer.attributeU32Be(NFULA_SEQ, packet.sequence());
          byte[] payload = new byte[packet.payload().limit()];
          packet.payload().get(0, payload);
          writer.attributeBytes(NFULA_PAYLOAD, payload);
        });
  }

  private static LoggedPacket random(RandomGenerator random) {
    byte[] payload = new byte[random.nextInt(200)];
    random.nextBytes(payload);
    @Nullable Instant time =
        random.nextBoolean()
            ? Instant.ofEpochSecond(1 + random.nextInt(1 << 30), random.nextInt(1_000_000) * 1000L)
            : null;
    return new LoggedPacket(
        random.nextInt(0x10000),
        random.nextInt(256),
        "p".repeat(random.nextInt(127)),
        random.nextInt(),
        random.nextInt(),
        random.nextInt(),
        time,
        random.nextInt(),
        ByteBuffer.wrap(payload));
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    RandomGenerator random = Seed.generator("LogMessagesTest.whatIsWrittenIsRead");
    for (int i = 0; i < 5000; i++) {
      LoggedPacket packet = random(random);
      assertThat(LogDecoder.decode(NetlinkMessage.parse(message(packet)))).isEqualTo(packet);
    }
  }

  @Test
  @DisplayName("damaged messages are malformed or something else, never an index error (faults 40)")
  void damaged() {
    RandomGenerator random = Seed.generator("LogMessagesTest.damaged");
    int malformed = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] content = message(random(random));
      for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
        content[random.nextInt(content.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        content = Arrays.copyOf(content, random.nextInt(content.length));
      }
      try {
        LoggedPacket packet = LogDecoder.decode(NetlinkMessage.parse(content));
        assertThat(packet.payload().limit()).isLessThanOrEqualTo(content.length);
        PacketHeaders.of(packet.payload());
      } catch (MalformedMessageException e) {
        malformed++;
      }
    }
    assertThat(malformed).isBetween(1, 20_000);
  }

  @Test
  void aPacketWithoutItsHeaderIsMalformed() {
    byte[] content = message(MSG_PACKET, writer -> writer.u8(2).u8(0).u16Be(1));
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> LogDecoder.decode(NetlinkMessage.parse(content)))
        .withMessageContaining("lacks its header");
  }

  @Test
  @DisplayName("a gap in the numbers is what was lost, also where they begin again")
  void gaps() throws Exception {
    List<String> told = new ArrayList<>();
    PacketLog.Reader reader =
        new PacketLog.Reader(
            new PacketLog.Listener() {
              @Override
              public void packet(LoggedPacket packet) {
                told.add(Integer.toUnsignedString(packet.sequence()));
              }

              @Override
              public void lost(long packets) {
                told.add("lost " + packets);
              }

              @Override
              public void problem(IOException cause) {
                throw new AssertionError(cause);
              }
            });
    for (int sequence : new int[] {-3, -2, 1, 2, 10}) {
      LoggedPacket packet =
          new LoggedPacket(0x0800, 2, "", 0, 0, 0, null, sequence, ByteBuffer.allocate(0));
      reader.message(NetlinkMessage.parse(message(packet)));
    }
    reader.message(NetlinkMessage.parse(message(3, _ -> {})));
    assertThat(told)
        .containsExactly("4294967293", "4294967294", "lost 2", "1", "2", "lost 7", "10");
  }
}
