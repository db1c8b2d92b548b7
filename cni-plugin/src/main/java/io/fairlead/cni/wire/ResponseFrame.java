package io.fairlead.cni.wire;

import java.nio.ByteBuffer;

/**
 * The answer to a {@link RequestFrame}. All numbers are big-endian:
 *
 * <pre>
 * offset size
 *      0    4  "FLCA"
 *      4    2  version of this format, 1
 *      6    2  exit code, 0 to 255
 *      8    4  O, the length of standard output
 *     12    4  E, the length of standard error; O + E is at most 8 MiB
 *     16    O  what the binary writes to standard output
 *   16+O    E  what it writes to standard error
 * </pre>
 */
public final class ResponseFrame {

  public static final int HEADER_LENGTH = 16;
  static final int MAX_OUTPUT = 8 << 20;
  private static final int MAGIC = 0x464c4341;
  private static final short VERSION = 1;

  private ResponseFrame() {}

  /**
   * The frame of {@code response}.
   *
   * @throws FrameException if {@code response} is longer than 8 MiB
   */
  public static byte[] write(CniResponse response) throws FrameException {
    byte[] stdout = response.stdout();
    byte[] stderr = response.stderr();
    if ((long) stdout.length + stderr.length > MAX_OUTPUT) {
      throw new FrameException("the answer is longer than 8 MiB");
    }
    return ByteBuffer.allocate(HEADER_LENGTH + stdout.length + stderr.length)
        .putInt(MAGIC)
        .putShort(VERSION)
        .putShort((short) response.exitCode())
        .putInt(stdout.length)
        .putInt(stderr.length)
        .put(stdout)
        .put(stderr)
        .array();
  }

  /**
   * Reads a whole frame.
   *
   * @throws FrameException if {@code bytes} holds anything but exactly one frame
   */
  public static CniResponse read(byte[] bytes) throws FrameException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.remaining() < HEADER_LENGTH
        || buffer.getInt() != MAGIC
        || buffer.getShort() != VERSION) {
      throw new FrameException("the answer does not begin with a header of format version 1");
    }
    int exitCode = buffer.getShort();
    int stdoutLength = buffer.getInt();
    int stderrLength = buffer.getInt();
    if (exitCode < 0
        || exitCode > 255
        || stdoutLength < 0
        || stderrLength < 0
        || (long) stdoutLength + stderrLength != buffer.remaining()) {
      throw new FrameException("the answer's header does not match its " + bytes.length + " bytes");
    }
    byte[] stdout = new byte[stdoutLength];
    byte[] stderr = new byte[stderrLength];
    buffer.get(stdout).get(stderr);
    return new CniResponse(exitCode, stdout, stderr);
  }
}
