package io.fairlead.dataplane.netlink.nftables.expression;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in byte arrays, in the byte order of this machine. */
final class HostOrder {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private HostOrder() {}

  static int u32(byte[] content, int at) {
    return (int) INT.get(content, at);
  }

  static void putU32(byte[] content, int at, int value) {
    INT.set(content, at, value);
  }
}
