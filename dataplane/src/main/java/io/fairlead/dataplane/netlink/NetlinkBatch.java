package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_ACK;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_REQUEST;

import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Independent requests that are sent together and acknowledged one by one: some may fail while the
 * others take effect, in order. One system call carries hundreds. Not thread-safe; use it once.
 */
public final class NetlinkBatch {

  /** As many as surely find room for their acknowledgements. */
  private static final int REQUESTS_PER_SEND = 1000;

  private final NetlinkSocket socket;
  private final MessageWriter writer = new MessageWriter();
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(Object operation, int sequence, int end) {}

  /**
   * A request that failed.
   *
   * @param index of the request in the order of {@link #add}, from 0
   */
  public record Failure(int index, NetlinkException cause) {}

  NetlinkBatch(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Adds a request; arguments as in {@link NetlinkSocket#request}. */
  public NetlinkBatch add(Object operation, int type, int flags, NetlinkSocket.RequestBody body) {
    int sequence = socket.nextSequence();
    writer.begin(type, flags | NLM_F_REQUEST | NLM_F_ACK, sequence);
    body.write(writer);
    writer.end();
    entries.add(new Entry(operation, sequence, writer.length()));
    return this;
  }

  public int size() {
    return entries.size();
  }

  /**
   * Sends all requests.
   *
   * @return those that failed, in order; empty if all took effect
   * @throws NetlinkException if acknowledgements were lost; what took effect is unknown then
   */
  public List<Failure> execute() throws IOException {
    List<Failure> failures = new ArrayList<>();
    for (int first = 0; first < entries.size(); first += REQUESTS_PER_SEND) {
      execute(first, Math.min(first + REQUESTS_PER_SEND, entries.size()), failures);
    }
    return failures;
  }

  private void execute(int first, int after, List<Failure> failures) throws IOException {
    int from = first == 0 ? 0 : entries.get(first - 1).end();
    socket.send(writer, from, entries.get(after - 1).end() - from);
    int[] acknowledged = {0};
    int base = entries.get(first).sequence();
    NetlinkSocket.MessageHandler handler =
        message -> {
          int index = first + message.sequence() - base;
          if (index < first || index >= after || !Acknowledgement.isAcknowledgement(message)) {
            return; // An answer nobody asked for, or the rest of an exchange given up.
          }
          acknowledged[0]++;
          NetlinkException refusal =
              Acknowledgement.refusal(message, entries.get(index).operation());
          if (refusal != null) {
            failures.add(new Failure(index, refusal));
          }
        };
    while (receive(handler)) {}
    if (acknowledged[0] < after - first) {
      throw NetlinkSocket.lost(
          (after - first - acknowledged[0]) + " of " + (after - first) + " requests", base);
    }
  }

  /** Goes on after ENOBUFS: what is missing is counted at the end. */
  private boolean receive(NetlinkSocket.MessageHandler handler) throws IOException {
    try {
      return socket.receive(handler);
    } catch (SystemCallException e) {
      if (e.errno() == Errno.ENOBUFS) {
        return true;
      }
      throw e;
    }
  }

  /** Sends all requests and throws the first failure, with the others suppressed in it. */
  public void executeAll() throws IOException {
    List<Failure> failures = execute();
    if (!failures.isEmpty()) {
      NetlinkException first = failures.getFirst().cause();
      failures.stream().skip(1).forEach(failure -> first.addSuppressed(failure.cause()));
      throw first;
    }
  }
}
