package io.fairlead.dataplane.sys;

/**
 * Sees what passes through the netlink sockets of this process, for benchmarks that count it; see
 * {@link NetlinkDescriptor#observe}. Called by the thread that made the system call, after it, and
 * by several threads at once. A call that failed is not seen.
 */
public interface NetlinkObserver {

  /**
   * The kernel has processed a datagram.
   *
   * @param buffer where it is, only valid during the call
   * @param offset of its first byte
   * @param length in bytes
   */
  void sent(NativeBuffer buffer, int offset, int length);

  /**
   * The kernel was asked for a datagram.
   *
   * @param buffer where it is, from the first byte on; only valid during the call
   * @param length in bytes, more than the buffer has if the end was cut off; 0 if none waited
   */
  void received(NativeBuffer buffer, int length);
}
