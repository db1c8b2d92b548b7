package io.fairlead.bench.effort;

import io.fairlead.dataplane.sys.NativeBuffer;
import io.fairlead.dataplane.sys.NetlinkDescriptor;
import io.fairlead.dataplane.sys.NetlinkObserver;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what passes through all netlink sockets of this process while it is open: one such meter
 * at a time. Counting allocates nothing. Thread-safe.
 */
final class NetlinkMeter implements NetlinkObserver, AutoCloseable {

  /** Of struct nlmsghdr (linux/netlink.h), whose first field is the message's length. */
  private static final int HEADER_LENGTH = 16;

  private final AtomicLong messagesSent = new AtomicLong();
  private final AtomicLong messagesReceived = new AtomicLong();
  private final AtomicLong bytesSent = new AtomicLong();
  private final AtomicLong bytesReceived = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();

  private NetlinkMeter() {}

  static NetlinkMeter open() {
    NetlinkMeter meter = new NetlinkMeter();
    NetlinkDescriptor.observe(meter);
    return meter;
  }

  /**
   * What there was so far.
   *
   * @param messagesSent those that begin and end a batch included
   * @param bytesSent of whole datagrams, headers and padding included
   * @param calls of send and recv, those that found nothing included
   */
  record Traffic(
      long messagesSent, long messagesReceived, long bytesSent, long bytesReceived, long calls) {

    Traffic since(Traffic before) {
      return new Traffic(
          messagesSent - before.messagesSent,
          messagesReceived - before.messagesReceived,
          bytesSent - before.bytesSent,
          bytesReceived - before.bytesReceived,
          calls - before.calls);
    }
  }

  Traffic traffic() {
    return new Traffic(
        messagesSent.get(),
        messagesReceived.get(),
        bytesSent.get(),
        bytesReceived.get(),
        calls.get());
  }

  @Override
  public void sent(NativeBuffer buffer, int offset, int length) {
    calls.incrementAndGet();
    bytesSent.addAndGet(length);
    messagesSent.addAndGet(messages(buffer, offset, offset + length));
  }

  @Override
  public void received(NativeBuffer buffer, int length) {
    calls.incrementAndGet();
    bytesReceived.addAndGet(length);
    messagesReceived.addAndGet(messages(buffer, 0, Math.min(length, buffer.capacity())));
  }

  private static int messages(NativeBuffer buffer, int from, int to) {
    int messages = 0;
    int at = from;
    while (at + HEADER_LENGTH <= to) {
      messages++;
      int length = Math.max(HEADER_LENGTH, buffer.u32(at));
      at += (length + 3) & ~3; // NLMSG_ALIGN
    }
    return messages;
  }

  @Override
  public void close() {
    NetlinkDescriptor.observe(null);
  }
}
