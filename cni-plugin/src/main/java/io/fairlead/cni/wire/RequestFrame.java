package io.fairlead.cni.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The request that the CNI binary sends, once per connection. All numbers are big-endian:
 *
 * <pre>
 * offset size
 *      0    4  "FLCN"
 *      4    2  version of this format, 1
 *      6    2  flags: 1 the pod's network namespace is attached, 2 a NETLINK_ROUTE socket in it is
 *      8    4  E, the length of the environment, at most 64 KiB
 *     12    4  C, the length of the configuration, at most 1 MiB
 *     16    E  CNI_ variables as "NAME=VALUE", each followed by a zero byte
 *   16+E    C  the configuration: the binary's standard input, unchanged
 * </pre>
 *
 * Descriptors travel as SCM_RIGHTS with the first byte, in the order of their flags. The same
 * bytes, with no flags, are what a file of the {@link DeleteQueue} holds.
 *
 * @param flags as above
 * @param environmentLength in bytes
 * @param configurationLength in bytes
 */
public record RequestFrame(int flags, int environmentLength, int configurationLength) {

  public static final int HEADER_LENGTH = 16;
  public static final int HAS_NAMESPACE = 1;
  public static final int HAS_NETLINK = 2;
  static final int MAX_ENVIRONMENT = 64 << 10;
  static final int MAX_CONFIGURATION = 1 << 20;
  private static final int MAGIC = 0x464c434e;
  private static final short VERSION = 1;

  /**
   * Reads a header.
   *
   * @param bytes at least {@link #HEADER_LENGTH} remaining bytes; they are consumed
   * @throws FrameException if they are no such header or announce too much
   */
  public static RequestFrame readHeader(ByteBuffer bytes) throws FrameException {
    if (bytes.remaining() < HEADER_LENGTH) {
      throw new FrameException(
          "the request ends after " + bytes.remaining() + " of a header's 16 bytes");
    }
    if (bytes.getInt() != MAGIC) {
      throw new FrameException("the request does not begin with FLCN");
    }
    short version = bytes.getShort();
    if (version != VERSION) {
      throw new FrameException(
          "the request has format version " + version + ", not 1; agent and CNI binary differ");
    }
    int flags = bytes.getShort();
    int environment = bytes.getInt();
    int configuration = bytes.getInt();
    if (flags < 0 || flags > (HAS_NAMESPACE | HAS_NETLINK)) {
      throw new FrameException("the request has the unknown flags " + flags);
    }
    if (environment < 0 || environment > MAX_ENVIRONMENT) {
      throw new FrameException("the request's environment is longer than 64 KiB");
    }
    if (configuration < 0 || configuration > MAX_CONFIGURATION) {
      throw new FrameException("the request's configuration is longer than 1 MiB");
    }
    return new RequestFrame(flags, environment, configuration);
  }

  /** How many bytes follow the header. */
  public int bodyLength() {
    return environmentLength + configurationLength;
  }

  /** How many descriptors the first byte carries: 0 to 2. */
  public int descriptorCount() {
    return Integer.bitCount(flags);
  }

  /**
   * Reads what follows the header.
   *
   * @param bytes at least {@link #bodyLength} remaining bytes; that many are consumed
   * @throws FrameException if there are fewer, or the environment is malformed
   */
  public CniRequest readBody(ByteBuffer bytes) throws FrameException {
    if (bytes.remaining() < bodyLength()) {
      throw new FrameException(
          "the request ends after " + bytes.remaining() + " of " + bodyLength() + " bytes");
    }
    byte[] block = new byte[environmentLength];
    bytes.get(block);
    byte[] stdin = new byte[configurationLength];
    bytes.get(stdin);
    Map<String, String> environment = new HashMap<>();
    for (int at = 0; at < block.length; ) {
      int end = at;
      while (end < block.length && block[end] != 0) {
        end++;
      }
      String variable = new String(block, at, end - at, StandardCharsets.UTF_8);
      int equals = variable.indexOf('=');
      if (end == block.length || equals <= 0) {
        throw new FrameException("the request's environment is malformed at byte " + at);
      }
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      at = end + 1;
    }
    return new CniRequest(environment, stdin);
  }

  /**
   * Reads a whole frame.
   *
   * @throws FrameException if {@code bytes} holds anything but exactly one
   */
  public static CniRequest read(byte[] bytes) throws FrameException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    CniRequest request = readHeader(buffer).readBody(buffer);
    if (buffer.hasRemaining()) {
      throw new FrameException("the request is followed by " + buffer.remaining() + " more bytes");
    }
    return request;
  }

  /**
   * The frame of {@code request}, as the CNI binary would send it; variables are sorted.
   *
   * @throws FrameException if it is too long, or a variable holds a zero byte or a name without one
   */
  public static byte[] write(CniRequest request, int flags) throws FrameException {
    StringBuilder block = new StringBuilder();
    for (String name : request.environment().keySet().stream().sorted().toList()) {
      String value = request.environment().getOrDefault(name, "");
      if (name.isEmpty() || name.indexOf('=') >= 0 || (name + value).indexOf('\0') >= 0) {
        throw new FrameException("the variable \"" + name + "\" cannot be sent");
      }
      block.append(name).append('=').append(value).append('\0');
    }
    byte[] environment = block.toString().getBytes(StandardCharsets.UTF_8);
    int length = request.stdin().length;
    if (environment.length > MAX_ENVIRONMENT || length > MAX_CONFIGURATION) {
      throw new FrameException("the request is longer than 64 KiB of variables and 1 MiB of JSON");
    }
    return ByteBuffer.allocate(HEADER_LENGTH + environment.length + length)
        .putInt(MAGIC)
        .putShort(VERSION)
        .putShort((short) flags)
        .putInt(environment.length)
        .putInt(length)
        .put(environment)
        .put(request.stdin())
        .array();
  }
}
