package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.FAMILY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.testing.GoldenVector;
import io.fairlead.dataplane.testing.Seed;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IpvsFuzzTest {

  private static final int ROUNDS = 5_000;

  private interface Reader {
    Object read(NetlinkMessage message) throws IOException;
  }

  private static final Reader VIRTUAL =
      message -> String.valueOf(VirtualServerDecoder.decode(message));
  private static final Reader REAL = message -> RealServerCodec.decode(message, AddressFamily.IPV4);

  private static final Map<String, Reader> READERS =
      Map.of(
          "virtual-udp-v6", VIRTUAL,
          "virtual-foreign", VIRTUAL,
          "virtual-mark", VIRTUAL,
          "virtual-used", VIRTUAL,
          "real-used", REAL,
          "real-v6", REAL,
          "timeouts", IpvsMessages::decodeTimeouts,
          "info", IpvsMessages::decodeInfo,
          "daemon", IpvsMessages::decodeDaemon);

  @Test
  void whatTheKernelSaysIsReadWhole() throws Exception {
    RandomGenerator random = Seed.generator("IpvsFuzzTest.whatTheKernelSays");
    for (int i = 0; i < ROUNDS; i++) {
      boolean wide = random.nextBoolean();
      VirtualServerStatus virtual =
          new VirtualServerStatus(
              IpvsExamples.randomVirtual(random), IpvsExamples.randomStatistics(random, wide));
      // The flag HASHED is the kernel's own and tells nothing.
      byte[] message = IpvsExamples.answer(virtual, random.nextInt(2) * 2, wide);
      assertThat(VirtualServerDecoder.decode(NetlinkMessage.parse(message))).isEqualTo(virtual);

      RealServerStatus real =
          new RealServerStatus(
              IpvsExamples.randomReal(random),
              random.nextInt(),
              random.nextInt(),
              random.nextInt(),
              IpvsExamples.randomStatistics(random, wide));
      assertThat(
              RealServerCodec.decode(
                  NetlinkMessage.parse(IpvsExamples.answer(real, wide)), AddressFamily.IPV4))
          .isEqualTo(real);
    }
  }

  /** Requests have the form of answers. */
  @Test
  void whatIsWrittenIsRead() throws Exception {
    RandomGenerator random = Seed.generator("IpvsFuzzTest.whatIsWrittenIsRead");
    for (int i = 0; i < ROUNDS; i++) {
      VirtualServer virtual = IpvsExamples.randomVirtual(random);
      RealServer real = IpvsExamples.randomReal(random);
      NetlinkMessage change = request(new IpvsOperation.ChangeVirtualServer(virtual));
      NetlinkMessage add = request(new IpvsOperation.AddRealServer(virtual.id(), real));
      assertThat(VirtualServerDecoder.decode(change))
          .isEqualTo(new VirtualServerStatus(virtual, IpvsStatistics.NONE));
      assertThat(VirtualServerDecoder.decode(add))
          .isEqualTo(
              new VirtualServerStatus(
                  new VirtualServer(virtual.id(), "", Set.of(), 0), IpvsStatistics.NONE));
      assertThat(RealServerCodec.decode(add, virtual.id().family()))
          .isEqualTo(new RealServerStatus(real, 0, 0, 0, IpvsStatistics.NONE));
    }
  }

  private static NetlinkMessage request(IpvsOperation operation) {
    MessageWriter writer = new MessageWriter();
    writer.begin(FAMILY.id(), 1, 7);
    IpvsMessages.write(writer, FAMILY, operation);
    writer.end();
    return NetlinkMessage.parse(writer.toBytes());
  }

  @Test
  @DisplayName("a message cut off or damaged anywhere is malformed, or is read (services 46)")
  void damagedMessagesAreSafe() {
    RandomGenerator random = Seed.generator("IpvsFuzzTest.damagedMessages");
    READERS.forEach((name, reader) -> {
      byte[] whole = GoldenVector.read("ipvs/" + name);
      int malformed = 0;
      for (int i = 0; i < ROUNDS; i++) {
        byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
        if (damaged.length >= 16 && random.nextBoolean()) {
          damaged[0] = (byte) damaged.length;
          damaged[1] = (byte) (damaged.length >> 8);
        }
        for (int flips = random.nextInt(6); flips > 0 && damaged.length > 0; flips--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        malformed += isMalformed(reader, damaged) ? 1 : 0;
      }
      assertThat(malformed).as(name).isBetween(ROUNDS / 4, ROUNDS - 1);
    });
  }

  private static boolean isMalformed(Reader reader, byte[] content) {
    try {
      assertThat(reader.read(NetlinkMessage.parse(content)).toString()).isNotEmpty();
      return false;
    } catch (MalformedMessageException e) {
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("a message cut off within any attribute is malformed (services 46)")
  void everyCutIsSeen() throws Exception {
    for (Map.Entry<String, Reader> each : READERS.entrySet()) {
      byte[] whole = GoldenVector.read("ipvs/" + each.getKey());
      assertThat(each.getValue().read(NetlinkMessage.parse(whole))).isNotNull();
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatExceptionOfType(MalformedMessageException.class)
            .as(each.getKey() + " cut off at " + length)
            .isThrownBy(() -> each.getValue().read(NetlinkMessage.parse(cut)));
      }
    }
  }
}
