package io.fairlead.dataplane.netlink.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.testing.GoldenVector;
import io.fairlead.dataplane.testing.Seed;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GenericFamilyTest {

  private static final int GENL_ID_CTRL = 16;

  private static final GenericFamily ETHTOOL =
      new GenericFamily("ethtool", 0x15, 1, 0, new TreeMap<>(Map.of("monitor", 3)));

  @Test
  void theRequestIsAsTheKernelExpectsIt() {
    MessageWriter writer = new MessageWriter();
    writer.begin(GENL_ID_CTRL, 5, 1);
    GenericFamily.writeRequest(writer, "IPVS");
    writer.end();
    GoldenVector.assertMatches("generic/get-family-ipvs", writer.toBytes());
  }

  @Test
  void theAnswerOfAKernelIsRead() throws Exception {
    NetlinkMessage message = NetlinkMessage.parse(GoldenVector.read("generic/family-nlctrl"));
    assertThat(GenericFamily.decode(message))
        .isEqualTo(new GenericFamily("nlctrl", 16, 2, 0, new TreeMap<>(Map.of("notify", 16))));
  }

  @Test
  void theHeaderBeginsTheFamilysMessages() {
    MessageWriter writer = new MessageWriter();
    writer.begin(ETHTOOL.id(), 1, 1);
    ETHTOOL.writeHeader(writer, 7);
    writer.end();
    assertThat(Arrays.copyOfRange(writer.toBytes(), 16, 20)).containsExactly(7, 1, 0, 0);
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    RandomGenerator random = Seed.generator("GenericFamilyTest.whatIsWrittenIsRead");
    for (int i = 0; i < 2000; i++) {
      SortedMap<String, Integer> groups = new TreeMap<>();
      for (int g = random.nextInt(5); g > 0; g--) {
        groups.put("group" + random.nextInt(1000), random.nextInt());
      }
      GenericFamily family =
          new GenericFamily(
              "family" + random.nextInt(),
              random.nextInt(0x10000),
              random.nextInt(256),
              random.nextInt(64),
              groups);
      assertThat(GenericFamily.decode(NetlinkMessage.parse(write(family)))).isEqualTo(family);
    }
  }

  @Test
  void anAnswerCutOffAnywhereIsMalformedOrShorter() throws Exception {
    RandomGenerator random = Seed.generator("GenericFamilyTest.anAnswerCutOff");
    byte[] whole = write(ETHTOOL);
    for (int i = 0; i < 5000; i++) {
      byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(GenericFamily.decode(NetlinkMessage.parse(damaged)).multicastGroups().size())
            .isLessThan(20);
      } catch (MalformedMessageException e) {
        assertThat(e).hasMessageContaining("netlink message of type");
      }
    }
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> GenericFamily.decode(NetlinkMessage.parse(Arrays.copyOf(whole, 30))));
  }

  private static byte[] write(GenericFamily family) {
    MessageWriter writer = new MessageWriter();
    writer.begin(GENL_ID_CTRL, 0, 1).u8(1).u8(2).u16(0);
    writer.attributeString(2, family.name());
    writer.attributeU16(1, family.id());
    writer.attributeU32(3, family.version());
    writer.attributeU32(4, family.headerSize());
    writer.attributeU32(5, 0);
    int list = writer.beginNested(7);
    int number = 1;
    for (Map.Entry<String, Integer> group : family.multicastGroups().entrySet()) {
      int member = writer.beginNested(number++);
      writer.attributeU32(2, group.getValue());
      writer.attributeString(1, group.getKey());
      writer.endAttribute(member);
    }
    writer.endAttribute(list);
    writer.end();
    return writer.toBytes();
  }
}
