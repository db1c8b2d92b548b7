package io.fairlead.dataplane.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.testing.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MessageFuzzTest {

  private static final int ROUNDS = 50_000;

  @Test
  @DisplayName("random bytes read as zeros and are reported, never as an index error (faults 40)")
  void randomBytesAreSafe() {
    RandomGenerator random = Seed.generator("MessageFuzzTest.randomBytes");
    int malformed = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] content = new byte[random.nextInt(200)];
      random.nextBytes(content);
      if (content.length >= 16 && random.nextInt(4) > 0) {
        content[0] = (byte) (random.nextBoolean() ? content.length : random.nextInt());
        content[1] = 0;
        content[2] = 0;
        content[3] = 0;
      }
      malformed += isMalformed(NetlinkMessage.parse(content), random) ? 1 : 0;
    }
    assertThat(malformed).isBetween(ROUNDS / 4, ROUNDS - 1);
  }

  private static boolean isMalformed(NetlinkMessage message, RandomGenerator random) {
    assertThat(message.payloadLength()).isNotNegative();
    message.u8(random.nextInt(64));
    message.u16(random.nextInt(64));
    message.u16Be(random.nextInt(64));
    message.u32(random.nextInt(64));
    walk(message.attributes(random.nextInt(64)), random, 0);
    try {
      message.requireWellFormed();
      return false;
    } catch (MalformedMessageException e) {
      assertThat(e).hasMessageStartingWith("netlink message of type " + message.type());
      return true;
    }
  }

  private static void walk(AttributeReader attributes, RandomGenerator random, int depth) {
    int count = 0;
    while (attributes.next()) {
      assertThat(++count).as("attributes of at least 4 bytes").isLessThan(100);
      assertThat(attributes.type()).isBetween(0, 0x3fff);
      assertThat(attributes.bytes()).hasSize(attributes.length());
      switch (random.nextInt(12)) {
        case 0 -> attributes.u8();
        case 1 -> attributes.u16();
        case 2 -> attributes.u16Be();
        case 3 -> attributes.u32();
        case 4 -> attributes.u32Be();
        case 5 -> attributes.u64();
        case 6 -> attributes.u64Be();
        case 7 -> assertThat(attributes.string()).isNotNull();
        case 8 -> assertThat(attributes.address()).isNotNull();
        case 9 -> walk(attributes.nested(random.nextInt(12)), random, depth + 1);
        default -> walk(attributes.nested(), random, depth + 1);
      }
    }
    assertThat(attributes.next()).as("once at the end, always").isFalse();
  }

  @Test
  @DisplayName("a refusal with a damaged text keeps its errno (faults 40)")
  void damagedAcknowledgementsAreSafe() {
    RandomGenerator random = Seed.generator("MessageFuzzTest.acknowledgements");
    for (int i = 0; i < ROUNDS; i++) {
      byte[] content = new byte[24 + random.nextInt(80)];
      random.nextBytes(content);
      NetlinkMessage message = NetlinkMessage.parse(asAcknowledgement(content, random));
      NetlinkException refusal = Acknowledgement.refusal(message, "ask");
      if (refusal != null) {
        assertThat(refusal.errno()).isNotZero();
        assertThat(refusal).hasMessageStartingWith("ask: ");
      }
    }
  }

  private static byte[] asAcknowledgement(byte[] content, RandomGenerator random) {
    content[0] = (byte) content.length;
    content[1] = 0;
    content[2] = 0;
    content[3] = 0;
    content[4] = (byte) (random.nextBoolean() ? 2 : 3);
    content[5] = 0;
    content[7] = (byte) random.nextInt(4); // NLM_F_CAPPED, NLM_F_ACK_TLVS
    if (random.nextInt(4) == 0) {
      // The copied request claims a length near the largest integer.
      content[20 + 3] = 0x7f;
      content[20 + 2] = -1;
      content[20 + 1] = -1;
      content[20] = (byte) (0xf0 + random.nextInt(16));
    }
    return content;
  }

  @Test
  void aTruncatedMessageNamesWhatIsMissing() {
    MessageWriter writer = new MessageWriter();
    writer.begin(7, 0, 1).u32(1);
    writer.attributeU32(3, 4);
    writer.end();
    byte[] whole = writer.toBytes();
    byte[] cut = Arrays.copyOf(whole, whole.length - 2);
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> NetlinkMessage.parse(cut).requireWellFormed())
        .withMessage(
            "netlink message of type 7: a message of 28 bytes does not fit in 26 (byte 0)");
    cut[0] = (byte) cut.length;
    NetlinkMessage message = NetlinkMessage.parse(cut);
    assertThat(message.attributes(4).next()).isFalse();
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(message::requireWellFormed)
        .withMessage("netlink message of type 7: an attribute of 8 bytes does not fit (byte 20)");
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    RandomGenerator random = Seed.generator("MessageFuzzTest.whatIsWrittenIsRead");
    for (int i = 0; i < 5000; i++) {
      MessageWriter writer = new MessageWriter(16);
      List<String> expected = new ArrayList<>();
      writer.begin(random.nextInt(0x10000), 0, i).u32(random.nextInt());
      write(writer, random, expected, 0);
      writer.end();
      NetlinkMessage message = NetlinkMessage.parse(writer.toBytes());
      List<String> actual = new ArrayList<>();
      read(message.attributes(4), actual);
      message.requireWellFormed();
      assertThat(actual).isEqualTo(expected);
    }
  }

  /** The low digit of the type says what kind of value the attribute holds. */
  private static void write(
      MessageWriter writer, RandomGenerator random, List<String> expected, int depth) {
    for (int n = random.nextInt(6); n > 0; n--) {
      int type = random.nextInt(100) * 10 + random.nextInt(depth < 3 ? 10 : 9);
      long value = random.nextLong();
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      String text = "t".repeat(random.nextInt(20));
      IpAddress address = IpAddress.of(Arrays.copyOf(bytes, random.nextBoolean() ? 4 : 16));
      Object written;
      switch (type % 10) {
        case 0 -> {
          writer.attributeU8(type, (int) value);
          written = value & 0xff;
        }
        case 1 -> {
          writer.attributeU16(type, (int) value);
          written = value & 0xffff;
        }
        case 2 -> {
          writer.attributeU16Be(type, (int) value);
          written = value & 0xffff;
        }
        case 3 -> {
          writer.attributeU32(type, (int) value);
          written = (int) value;
        }
        case 4 -> {
          writer.attributeU32Be(type, (int) value);
          written = (int) value;
        }
        case 5 -> {
          writer.attributeU64(type, value);
          written = value;
        }
        case 6 -> {
          writer.attributeU64Be(type, value);
          written = value;
        }
        case 7 -> {
          writer.attributeString(type, text);
          written = text;
        }
        case 8 -> {
          if (bytes.length % 2 == 0) {
            writer.attributeAddress(type, address);
            written = text(address.bytes());
          } else {
            writer.attributeBytes(type, bytes);
            written = text(bytes);
          }
        }
        default -> written = "(";
      }
      expected.add(type + " " + written);
      if (type % 10 == 9) {
        int start = writer.beginNested(type);
        write(writer, random, expected, depth + 1);
        writer.endAttribute(start);
        expected.add(")");
      }
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static void read(AttributeReader attributes, List<String> actual) {
    while (attributes.next()) {
      int type = attributes.type();
      actual.add(
          type
              + " "
              + switch (type % 10) {
                case 0 -> attributes.u8();
                case 1 -> attributes.u16();
                case 2 -> attributes.u16Be();
                case 3 -> attributes.u32();
                case 4 -> attributes.u32Be();
                case 5 -> attributes.u64();
                case 6 -> attributes.u64Be();
                case 7 -> attributes.string();
                case 8 -> text(attributes.bytes());
                default -> "(";
              });
      if (type % 10 == 9) {
        read(attributes.nested(), actual);
        actual.add(")");
      }
    }
  }
}
