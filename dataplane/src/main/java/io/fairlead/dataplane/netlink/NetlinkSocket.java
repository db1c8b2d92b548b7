package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.HEADER_LENGTH;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLMSG_DONE;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLMSG_ERROR;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLMSG_NOOP;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_ACK;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_DUMP;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_DUMP_INTR;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_REQUEST;

import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.NativeBuffer;
import io.fairlead.dataplane.sys.NetlinkDescriptor;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A netlink socket for requests and their answers. The kernel answers a request while it is being
 * sent, so no method here ever waits: an answer that is not there when the send returns was lost,
 * and says so ({@link NetlinkException#isLost}). Events come through {@link NetlinkMonitor}, on a
 * socket of their own. Not thread-safe.
 *
 * <p>Arguments named {@code operation} say in errors what was asked; their text is made only then.
 */
public final class NetlinkSocket implements AutoCloseable {

  /** Room for the acknowledgements of a few thousand requests. */
  private static final int RECEIVE_BUFFER = 8 << 20;

  /** A dump that others keep disturbing is given up after this many tries. */
  private static final int DUMP_TRIES = 20;

  private static final int DATAGRAM = 64 << 10;

  private final NetlinkDescriptor descriptor;
  private final MessageWriter writer = new MessageWriter();
  private NativeBuffer incoming = NativeBuffer.allocate(DATAGRAM);
  private int sendBuffer = 128 << 10;
  private int sequence;

  private NetlinkSocket(NetlinkDescriptor descriptor) throws SystemCallException {
    this.descriptor = descriptor;
    descriptor.option(NetlinkConstants.NETLINK_EXT_ACK, 1);
    descriptor.option(NetlinkConstants.NETLINK_CAP_ACK, 1);
    descriptor.receiveBuffer(RECEIVE_BUFFER);
  }

  /**
   * Opens a socket in the calling thread's network namespace.
   *
   * @param protocol NETLINK_ROUTE, NETLINK_NETFILTER or NETLINK_GENERIC
   * @throws SystemCallException if the kernel lacks the protocol, or NET_ADMIN is missing
   */
  public static NetlinkSocket open(int protocol) throws SystemCallException {
    return over(NetlinkDescriptor.open(protocol));
  }

  /** Takes over a socket that another process opened; it acts in the namespace it was opened in. */
  public static NetlinkSocket adopt(OwnedDescriptor socket) throws SystemCallException {
    return over(NetlinkDescriptor.adopt(socket));
  }

  private static NetlinkSocket over(NetlinkDescriptor descriptor) throws SystemCallException {
    try {
      return new NetlinkSocket(descriptor);
    } catch (SystemCallException e) {
      descriptor.close();
      throw e;
    }
  }

  /** For a monitor that takes it over. */
  NetlinkDescriptor descriptor() {
    return descriptor;
  }

  /** Makes room for {@code bytes} of answers; the kernel drops what does not fit. */
  void receiveBuffer(int bytes) throws SystemCallException {
    descriptor.receiveBuffer(bytes);
  }

  /** Makes the kernel reject what it would otherwise ignore in dump requests (rtnetlink). */
  public void requireStrictChecks() throws SystemCallException {
    descriptor.option(NetlinkConstants.NETLINK_GET_STRICT_CHK, 1);
  }

  /** The port number that the kernel knows this socket by. */
  public int port() throws SystemCallException {
    return descriptor.port();
  }

  /** Writes what follows the message header: the family's fixed header and attributes. */
  @FunctionalInterface
  public interface RequestBody {
    void write(MessageWriter writer);
  }

  /** Turns a message into a value, or null to leave it out. */
  @FunctionalInterface
  public interface Decoder<T> {
    @Nullable T decode(NetlinkMessage message) throws IOException;
  }

  /** Sees a received message, which is valid only during the call. */
  @FunctionalInterface
  public interface MessageHandler {
    void handle(NetlinkMessage message) throws IOException;
  }

  /** The sequence number for the next message. */
  public int nextSequence() {
    return ++sequence;
  }

  /** Asks for a change and returns when the kernel has made it. */
  public void request(Object operation, int type, int flags, RequestBody body) throws IOException {
    query(operation, type, flags, body, _ -> null);
  }

  /** Asks one question and returns the answers, which precede the acknowledgement. */
  public <T> List<T> query(
      Object operation, int type, int flags, RequestBody body, Decoder<T> decoder)
      throws IOException {
    int number = write(type, flags | NLM_F_REQUEST | NLM_F_ACK, body);
    Answer<T> answer = new Answer<>(operation, number, decoder);
    send(writer);
    complete(answer);
    return answer.values;
  }

  /**
   * Receives until the answer is complete, even if a part of it failed: a dump that is left half
   * read would make the kernel refuse the next one as EBUSY.
   */
  private void complete(Answer<?> answer) throws IOException {
    while (!answer.complete) {
      try {
        if (!receive(answer)) {
          answer.fail(lost(answer.operation, answer.number));
          break;
        }
      } catch (MalformedMessageException e) {
        answer.fail(e);
      } catch (SystemCallException e) {
        if (e.errno() != Errno.ENOBUFS) {
          throw e;
        }
        answer.fail(lost(answer.operation, answer.number));
      }
    }
    answer.throwFailure();
  }

  /**
   * Reads all objects of a kind. If the kernel says that they changed meanwhile, the reading starts
   * over, so the result is one consistent state. What {@code decoder} throws first is thrown once
   * the kernel has sent the rest, which is passed over.
   */
  public <T> List<T> dump(Object operation, int type, RequestBody body, Decoder<T> decoder)
      throws IOException {
    for (int i = 0; i < DUMP_TRIES; i++) {
      int number = write(type, NLM_F_REQUEST | NLM_F_DUMP, body);
      Answer<T> answer = new Answer<>(operation, number, decoder);
      send(writer);
      complete(answer);
      if (!answer.interrupted) {
        return answer.values;
      }
    }
    throw new NetlinkException(
        operation.toString(),
        Errno.EINTR,
        "the objects changed during each of " + DUMP_TRIES + " dumps",
        -1,
        sequence);
  }

  /** An empty batch on this socket. */
  public NetlinkBatch batch() {
    return new NetlinkBatch(this);
  }

  static NetlinkException lost(Object operation, int number) {
    return new NetlinkException(
        operation.toString(), Errno.ENOBUFS, "the answer did not fit the socket", -1, number);
  }

  private int write(int type, int flags, RequestBody body) {
    int number = nextSequence();
    writer.reset();
    writer.begin(type, flags, number);
    body.write(writer);
    writer.end();
    return number;
  }

  /** Sends all of {@code messages} as one datagram; the kernel has processed it on return. */
  public void send(MessageWriter messages) throws IOException {
    send(messages, 0, messages.length());
  }

  /** Sends a part of {@code messages}, from one message's beginning to another's end. */
  void send(MessageWriter messages, int from, int length) throws IOException {
    if (length + 4096 > sendBuffer) {
      sendBuffer = Math.max(length + 4096, sendBuffer * 2);
      descriptor.sendBuffer(sendBuffer);
    }
    descriptor.send(messages.buffer(), from, length);
  }

  /**
   * Hands the messages of the next waiting datagram to {@code handler}, without waiting.
   *
   * @return false if none waits
   * @throws SystemCallException with ENOBUFS, once, if the kernel dropped answers
   */
  public boolean receive(MessageHandler handler) throws IOException {
    int length = descriptor.receive(incoming);
    if (length == 0) {
      return false;
    }
    if (length > incoming.capacity()) {
      // Dumps adapt to the buffer they saw; only an oversized single message comes here.
      int needed = length;
      incoming = NativeBuffer.allocate(needed);
      throw new MalformedMessageException(
          "the kernel sent " + needed + " bytes at once and the end was cut off; ask again");
    }
    int at = 0;
    while (at + HEADER_LENGTH <= length) {
      NetlinkMessage message = new NetlinkMessage(incoming, at, length - at);
      message.requireWellFormed();
      handler.handle(message);
      at = message.following();
    }
    return true;
  }

  @Override
  public void close() {
    descriptor.close();
  }

  /** Collects the answers to one request and knows when they are complete. */
  private static final class Answer<T> implements MessageHandler {

    private final Object operation;
    private final int number;
    private final Decoder<T> decoder;
    private final List<T> values = new ArrayList<>();
    private boolean complete;
    private boolean interrupted;
    private @Nullable Exception failure;

    Answer(Object operation, int number, Decoder<T> decoder) {
      this.operation = operation;
      this.number = number;
      this.decoder = decoder;
    }

    @Override
    public void handle(NetlinkMessage message) {
      if (message.sequence() != number) {
        return; // The rest of an exchange that was given up.
      }
      interrupted |= (message.flags() & NLM_F_DUMP_INTR) != 0;
      switch (message.type()) {
        case NLMSG_NOOP -> {}
        case NLMSG_ERROR, NLMSG_DONE -> {
          complete = true;
          NetlinkException refusal = Acknowledgement.refusal(message, operation);
          if (refusal != null) {
            fail(refusal);
          }
        }
        default -> decode(message);
      }
    }

    private void decode(NetlinkMessage message) {
      if (failure != null) {
        return;
      }
      try {
        T value = decoder.decode(message);
        message.requireWellFormed();
        if (value != null) {
          values.add(value);
        }
      } catch (IOException | RuntimeException e) {
        fail(e);
      }
    }

    void fail(Exception cause) {
      if (failure == null) {
        failure = cause;
      }
    }

    void throwFailure() throws IOException {
      switch (failure) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Exception e -> throw new IllegalStateException(e);
      }
    }
  }
}
