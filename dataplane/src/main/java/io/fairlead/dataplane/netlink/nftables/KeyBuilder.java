package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Joins fields into a key, or into a map's value: each begins at a multiple of 4 bytes. Not
 * thread-safe; can be used again after {@link #build}.
 */
public final class KeyBuilder {

  private static final VarHandle HOST =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  /** The kernel's limit on keys: NFT_DATA_VALUE_MAXLEN. */
  private final byte[] content = new byte[64];

  private int length;

  public KeyBuilder address(IpAddress address) {
    byte[] bytes = address.bytes();
    System.arraycopy(bytes, 0, content, length, bytes.length);
    length += bytes.length;
    return this;
  }

  /** A link-layer address. */
  public KeyBuilder mac(MacAddress address) {
    System.arraycopy(address.bytes(), 0, content, length, 6);
    length += 8;
    return this;
  }

  /** The name of an interface, whole. */
  public KeyBuilder interfaceName(String name) {
    byte[] bytes = Bytes.ofInterface(name).toArray();
    System.arraycopy(bytes, 0, content, length, bytes.length);
    length += bytes.length;
    return this;
  }

  /** A transport protocol's number. */
  public KeyBuilder protocol(int number) {
    content[length] = (byte) number;
    length += 4;
    return this;
  }

  /** A port, in network byte order. */
  public KeyBuilder port(int port) {
    content[length] = (byte) (port >>> 8);
    content[length + 1] = (byte) port;
    length += 4;
    return this;
  }

  /** Fields that are joined already: a multiple of 4 bytes. */
  public KeyBuilder padded(Bytes fields) {
    fields.copyTo(content, length);
    length += fields.length();
    return this;
  }

  /** A number in host byte order, as number generators and marks are. */
  public KeyBuilder number(int value) {
    HOST.set(content, length, value);
    length += 4;
    return this;
  }

  /** The key so far; the builder is empty again. */
  public Bytes build() {
    Bytes key = Bytes.of(content, length);
    Arrays.fill(content, 0, length, (byte) 0);
    length = 0;
    return key;
  }
}
