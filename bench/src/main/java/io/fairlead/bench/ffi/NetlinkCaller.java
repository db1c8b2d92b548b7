package io.fairlead.bench.ffi;

import java.io.IOException;
import java.util.List;

/**
 * A netlink socket and blocks of native memory, through one way to call the C library. Every way
 * does the same: numbers are written to and read from native memory one by one, each call's errno
 * is kept, nothing is copied. Not thread-safe.
 */
interface NetlinkCaller extends AutoCloseable {

  /** Room for an answer, in bytes. */
  int ANSWER_ROOM = 8192;

  /** Copies requests to native memory, in place of those before. */
  void load(List<byte[]> requests);

  /** Writes a 32-bit number of the host's byte order into a request, counted from 0. */
  void put(int request, int offset, int value);

  /**
   * Sends a request and receives the datagram that answers it.
   *
   * @return its length in bytes
   * @throws IOException if a call failed, or there is no answer
   */
  int exchange(int request) throws IOException;

  /** Reads a 16-bit number of the answer, in the host's byte order. */
  int u16(int offset);

  /** Reads a 32-bit number of the answer, in the host's byte order. */
  int u32(int offset);

  @Override
  void close();
}
