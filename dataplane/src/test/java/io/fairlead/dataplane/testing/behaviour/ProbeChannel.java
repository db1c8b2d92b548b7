package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A probe under way. */
final class ProbeChannel implements AutoCloseable {

  /** Above all ports that servers and node ports have. */
  private static final int FIRST_SOURCE_PORT = 32_768;

  private static final int SOURCE_PORTS = 32_768;

  private final int number;
  private final Probe probe;
  private final long datagram;
  private final SelectableChannel channel;
  private final SelectionKey key;
  private final ByteBuffer answer = ByteBuffer.allocate(64);
  private @Nullable Observation observation;

  private ProbeChannel(
      int number, Probe probe, long datagram, SelectableChannel channel, Selector selector)
      throws IOException {
    this.number = number;
    this.probe = probe;
    this.datagram = datagram;
    this.channel = channel;
    channel.configureBlocking(false);
    key = channel.register(selector, 0, this);
  }

  /** Opens a socket in the namespace of the calling thread, and sends nothing yet. */
  static ProbeChannel open(int number, Probe probe, long datagram, Selector selector)
      throws IOException {
    StandardProtocolFamily family =
        switch (probe.address().family()) {
          case IPV4 -> StandardProtocolFamily.INET;
          case IPV6 -> StandardProtocolFamily.INET6;
        };
    SelectableChannel channel =
        switch (probe.protocol()) {
          case TCP -> SocketChannel.open(family);
          case UDP -> DatagramChannel.open(family);
          case SCTP -> throw new IllegalArgumentException("SCTP is not probed");
        };
    return new ProbeChannel(number, probe, datagram, channel, selector);
  }

  int number() {
    return number;
  }

  Probe probe() {
    return probe;
  }

  long datagram() {
    return datagram;
  }

  boolean isDone() {
    return observation != null;
  }

  Observation observation() {
    return observation == null ? new Observation.Silent() : observation;
  }

  void start() {
    attempt(() -> {
      InetSocketAddress target =
          new InetSocketAddress(InetAddress.getByAddress(probe.address().bytes()), probe.port());
      switch (channel) {
        case SocketChannel stream -> {
          stream.bind(source());
          if (stream.connect(target)) {
            key.interestOps(SelectionKey.OP_READ);
          } else {
            key.interestOps(SelectionKey.OP_CONNECT);
          }
        }
        case DatagramChannel datagrams -> {
          datagrams.bind(source());
          datagrams.connect(target);
          key.interestOps(SelectionKey.OP_READ);
          send(datagrams);
        }
        default -> throw new IllegalStateException("no such probe");
      }
    });
  }

  /**
   * A port of its own. A datagram from a port that asked the same Service before is of the same
   * flow to the kernel, which sends it where the Service led then; and no agent is here to have
   * such flows forgotten. And where a port asks two Services that lead to the same endpoint, IPVS
   * cannot tell the answers apart, whoever programs it.
   */
  private InetSocketAddress source() throws IOException {
    InetAddress any = InetAddress.getByAddress(new byte[probe.address().bytes().length]);
    return new InetSocketAddress(any, FIRST_SOURCE_PORT + (int) (datagram % SOURCE_PORTS));
  }

  private void send(DatagramChannel datagrams) throws IOException {
    datagrams.write(ByteBuffer.allocate(8).putLong(datagram).flip());
  }

  /** Sends a datagram again that may have been lost. */
  void repeat() {
    if (!isDone() && channel instanceof DatagramChannel datagrams) {
      attempt(() -> send(datagrams));
    }
  }

  /** Goes on after the socket has become ready. */
  void proceed() {
    attempt(() -> {
      switch (channel) {
        case SocketChannel stream -> {
          if (stream.isConnectionPending()) {
            stream.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
          }
          if (stream.read(answer) < 0) {
            finish(answered());
          }
        }
        case DatagramChannel datagrams -> {
          if (datagrams.read(answer) > 0) {
            finish(answered());
          }
        }
        default -> throw new IllegalStateException("no such probe");
      }
    });
  }

  private Observation answered() {
    String text = StandardCharsets.UTF_8.decode(answer.flip()).toString();
    int space = text.indexOf(' ');
    if (space < 0) {
      return new Observation.Failed("the answer is \"" + text + "\"");
    }
    return new Observation.Answered(
        Host.valueOf(text.substring(0, space)), IpAddress.parse(text.substring(space + 1)));
  }

  private void finish(Observation seen) {
    observation = seen;
    key.cancel();
  }

  private interface Step {
    void run() throws IOException;
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (PortUnreachableException e) {
      finish(new Observation.Refused());
    } catch (ConnectException e) {
      finish(failure(e));
    } catch (IOException e) {
      // The kernel tells a local sender of datagrams that they were dropped on their way out.
      if (!"Operation not permitted".equals(e.getMessage())) {
        finish(failure(e));
      }
    }
  }

  private Observation failure(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("Connection refused")
        ? new Observation.Refused()
        : new Observation.Failed(message);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
