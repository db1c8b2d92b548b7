package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_ACK;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_REQUEST;

import io.fairlead.dataplane.netlink.Acknowledgement;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.netlink.generic.GenericFamily;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends operations, hundreds in one system call, and asks for the last one's acknowledgement only:
 * the kernel reports failures unasked, and works in order, so with that answer all are known. One
 * that it had to drop shows as ENOBUFS. It is reused, and so is its memory. Not thread-safe.
 */
final class OperationSender implements NetlinkSocket.MessageHandler {

  /** So many surely find room for their answers, should each of them fail. */
  private static final int OPERATIONS_PER_SEND = 1000;

  private final NetlinkSocket socket;
  private final MessageWriter writer = new MessageWriter();

  private List<? extends IpvsOperation> operations = List.of();
  private List<IpvsKernel.Failure> failures = List.of();
  private int first;
  private int after;
  private int firstSequence;
  private boolean complete;

  OperationSender(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** As {@link IpvsKernel#apply}. */
  List<IpvsKernel.Failure> apply(GenericFamily family, List<? extends IpvsOperation> wanted)
      throws IOException {
    operations = wanted;
    failures = List.of();
    try {
      for (first = 0; first < wanted.size(); first = after) {
        after = Math.min(first + OPERATIONS_PER_SEND, wanted.size());
        write(family);
        socket.send(writer);
        receive();
      }
      return failures;
    } finally {
      operations = List.of();
      failures = List.of();
    }
  }

  private void write(GenericFamily family) {
    writer.reset();
    for (int i = first; i < after; i++) {
      int sequence = socket.nextSequence();
      if (i == first) {
        firstSequence = sequence;
      }
      int flags = i == after - 1 ? NLM_F_REQUEST | NLM_F_ACK : NLM_F_REQUEST;
      writer.begin(family.id(), flags, sequence);
      IpvsMessages.write(writer, family, operations.get(i));
      writer.end();
    }
  }

  private void receive() throws IOException {
    boolean lost = false;
    complete = false;
    while (!complete) {
      try {
        if (!socket.receive(this)) {
          lost = true;
          break;
        }
      } catch (SystemCallException e) {
        if (e.errno() != Errno.ENOBUFS) {
          throw e;
        }
        lost = true;
      }
    }
    if (lost) {
      throw new NetlinkException(
          "apply " + (after - first) + " IPVS operations",
          Errno.ENOBUFS,
          "the answer did not fit the socket",
          -1,
          firstSequence);
    }
  }

  @Override
  public void handle(NetlinkMessage message) {
    int index = first + message.sequence() - firstSequence;
    if (index < first || index >= after || !Acknowledgement.isAcknowledgement(message)) {
      return; // An answer nobody asked for, or the rest of an exchange given up.
    }
    complete |= index == after - 1;
    IpvsOperation operation = operations.get(index);
    NetlinkException refusal = Acknowledgement.refusal(message, operation);
    if (refusal != null) {
      if (failures.isEmpty()) {
        failures = new ArrayList<>();
      }
      failures.add(new IpvsKernel.Failure(operation, refusal));
    }
  }
}
