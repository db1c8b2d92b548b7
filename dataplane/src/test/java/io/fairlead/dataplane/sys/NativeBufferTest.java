package io.fairlead.dataplane.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.testing.Seed;
import java.util.List;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class NativeBufferTest {

  @Test
  void scalarsComeBackInEitherByteOrder() {
    RandomGenerator random = Seed.generator("NativeBufferTest");
    NativeBuffer buffer = NativeBuffer.allocate(64);
    for (int i = 0; i < 1000; i++) {
      int at = random.nextInt(57);
      long value = random.nextLong();
      buffer.putU64(at, value);
      assertThat(buffer.u64(at)).isEqualTo(value);
      assertThat(buffer.u64Be(at)).isEqualTo(Long.reverseBytes(value));
      assertThat(buffer.u32(at)).isEqualTo((int) value);
      buffer.putU64Be(at, value);
      assertThat(buffer.u64Be(at)).isEqualTo(value);
      assertThat(buffer.u32Be(at)).isEqualTo((int) (value >>> 32));
      assertThat(buffer.u16Be(at)).isEqualTo((int) (value >>> 48));
      assertThat(buffer.u8(at)).isEqualTo((int) (value >>> 56));
      buffer.putU32Be(at, (int) value);
      buffer.putU16(at + 4, (int) value);
      assertThat(buffer.u32(at)).isEqualTo(Integer.reverseBytes((int) value));
      assertThat(buffer.u16(at + 4)).isEqualTo((int) value & 0xffff);
      buffer.putU16Be(at, (int) value);
      buffer.putU32(at + 2, (int) value);
      buffer.putU8(at + 6, (int) value);
      assertThat(buffer.u16Be(at)).isEqualTo((int) value & 0xffff);
      assertThat(buffer.u32(at + 2)).isEqualTo((int) value);
      assertThat(buffer.u8(at + 6)).isEqualTo((int) value & 0xff);
    }
  }

  @Test
  void copiesAndClears() {
    NativeBuffer source = NativeBuffer.copyOf(new byte[] {1, 2, 3, 4, 5});
    NativeBuffer target = NativeBuffer.allocate(8);
    target.putBytes(1, source, 2, 3);
    assertThat(target.bytes(0, 8)).containsExactly(0, 3, 4, 5, 0, 0, 0, 0);
    target.clear(2, 2);
    assertThat(target.bytes(0, 4)).containsExactly(0, 3, 0, 0);
    target.putBytes(4, new byte[] {9, 8});
    assertThat(target.bytes(4, 2)).containsExactly(9, 8);
    assertThat(target.capacity()).isEqualTo(8);
  }

  @Test
  void otherMemoryIsOutOfReach() {
    NativeBuffer buffer = NativeBuffer.allocate(8);
    NativeBuffer other = NativeBuffer.allocate(4);
    List<ThrowingCallable> reaches =
        List.of(
            () -> buffer.u8(8),
            () -> buffer.u8(-1),
            () -> buffer.u16(7),
            () -> buffer.u16Be(7),
            () -> buffer.u32(5),
            () -> buffer.u32Be(Integer.MIN_VALUE),
            () -> buffer.u64(1),
            () -> buffer.u64Be(Integer.MAX_VALUE),
            () -> buffer.bytes(0, 9),
            () -> buffer.bytes(-1, 1),
            () -> buffer.putU8(8, 0),
            () -> buffer.putU16(7, 0),
            () -> buffer.putU16Be(-1, 0),
            () -> buffer.putU32(5, 0),
            () -> buffer.putU32Be(6, 0),
            () -> buffer.putU64(1, 0),
            () -> buffer.putU64Be(-8, 0),
            () -> buffer.putBytes(6, new byte[3]),
            () -> buffer.putBytes(0, other, 2, 3),
            () -> buffer.putBytes(5, other, 0, 4),
            () -> buffer.clear(4, 5));
    for (ThrowingCallable reach : reaches) {
      assertThatThrownBy(reach).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(buffer.bytes(0, 8)).containsOnly(0);
  }
}
