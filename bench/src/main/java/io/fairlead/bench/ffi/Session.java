package io.fairlead.bench.ffi;

import java.io.IOException;
import java.util.List;

/** Makes an {@link Exchange} again and again, through one {@link Contender}. Not thread-safe. */
final class Session implements AutoCloseable {

  /** Offsets in struct nlmsghdr of linux/netlink.h, and of the error behind it. */
  private static final int TYPE = 4;

  private static final int SEQUENCE = 8;
  private static final int ERROR = 16;

  /** The type of an acknowledgement, or of a refusal. */
  private static final int NLMSG_ERROR = 2;

  private final NetlinkCaller caller;
  private final int requests;
  private final int sequenceAt;
  private int next;
  private int sequence;

  private Session(NetlinkCaller caller, Exchange exchange) {
    List<byte[]> contents = exchange.requests();
    caller.load(contents);
    this.caller = caller;
    this.requests = contents.size();
    this.sequenceAt = exchange.answered() + SEQUENCE;
  }

  /** In the calling thread's network namespace. */
  static Session open(Contender contender, Exchange exchange) throws IOException {
    return new Session(contender.open(exchange.protocol()), exchange);
  }

  /**
   * Sends the next request and looks at its answer.
   *
   * @return the answer's length in bytes
   * @throws IOException if it is not the answer, or a refusal
   */
  int exchange() throws IOException {
    sequence++;
    caller.put(next, sequenceAt, sequence);
    int length = caller.exchange(next);
    next = next + 1 == requests ? 0 : next + 1;
    if (caller.u32(SEQUENCE) != sequence) {
      throw new IOException("the kernel answered another request");
    }
    if (caller.u16(TYPE) == NLMSG_ERROR && caller.u32(ERROR) != 0) {
      throw new IOException("the kernel refused a request: error " + -caller.u32(ERROR));
    }
    return length;
  }

  @Override
  public void close() {
    caller.close();
  }
}
