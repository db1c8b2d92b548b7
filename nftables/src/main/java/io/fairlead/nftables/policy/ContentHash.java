package io.fairlead.nftables.policy;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Names what is shared by its content, so that whoever needs the same finds it, also after a
 * restart. Parts cannot run into each other. Not thread-safe; use it once.
 */
final class ContentHash {

  /** 64 bits: enough that nobody finds a selector that shares the name of another. */
  private static final int BYTES = 8;

  private final MessageDigest digest;

  ContentHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  ContentHash add(int number) {
    digest.update(ByteBuffer.allocate(4).putInt(number).array());
    return this;
  }

  /** Null and the empty text are different. */
  ContentHash add(@Nullable String text) {
    if (text == null) {
      return add(-1);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(bytes.length);
    digest.update(bytes);
    return this;
  }

  ContentHash add(Bytes bytes) {
    add(bytes.length());
    digest.update(bytes.toArray());
    return this;
  }

  /** 16 hexadecimal digits. */
  String text() {
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }
}
