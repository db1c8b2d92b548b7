package io.fairlead.dataplane.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** struct sockaddr_in and struct sockaddr_in6: family, port, and then the address. */
final class SocketAddress {

  /** The greater one: struct sockaddr_in6. */
  static final int LONGEST = 28;

  private static final int IPV4_LENGTH = 16;
  private static final int IPV4_ADDRESS = 4;
  private static final int IPV6_ADDRESS = 8;

  private SocketAddress() {}

  static MemorySegment of(Arena arena, IpAddress address, int port) {
    boolean v4 = address.family() == AddressFamily.IPV4;
    MemorySegment segment = arena.allocate(v4 ? IPV4_LENGTH : LONGEST, 4);
    segment.set(JAVA_SHORT_UNALIGNED, 0, (short) address.family().number());
    segment.set(JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) port);
    byte[] bytes = address.bytes();
    int at = v4 ? IPV4_ADDRESS : IPV6_ADDRESS;
    MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, at, bytes.length);
    return segment;
  }

  static int port(MemorySegment segment) {
    return Short.toUnsignedInt(
        segment.get(JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 2));
  }

  /** The address, or null if it is of neither family. */
  static @Nullable IpAddress address(MemorySegment segment) {
    int number = Short.toUnsignedInt(segment.get(JAVA_SHORT_UNALIGNED, 0));
    for (AddressFamily family : AddressFamily.values()) {
      if (family.number() == number) {
        int at = family == AddressFamily.IPV4 ? IPV4_ADDRESS : IPV6_ADDRESS;
        byte[] bytes = new byte[family.byteLength()];
        MemorySegment.copy(segment, JAVA_BYTE, at, bytes, 0, bytes.length);
        return IpAddress.of(bytes);
      }
    }
    return null;
  }
}
