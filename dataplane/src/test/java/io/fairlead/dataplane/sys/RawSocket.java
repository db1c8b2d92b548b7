package io.fairlead.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * A socket for whole IP packets, for probes that carry what their senders want to see again. Needs
 * root. Belongs to the network namespace of the thread that opens it; any one thread at a time may
 * use it.
 */
public final class RawSocket implements AutoCloseable {

  /** bits/socket.h, netinet/in.h, linux/if_ether.h. */
  private static final int AF_PACKET = 17;

  private static final int SOCK_DGRAM = 2;
  private static final int IPPROTO_RAW = 255;
  private static final int ETH_P_IP = 0x0800;
  private static final int ETH_P_IPV6 = 0x86dd;
  private static final int ETH_P_ALL = 3;

  /** For the packets of a few thousand probes that nobody has read yet. */
  private static final int RECEIVE_BUFFER = 16 << 20;

  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SENDTO = sendto();

  private final OwnedDescriptor socket;
  private final NativeBuffer state =
      NativeBuffer.allocate((int) Linker.Option.captureStateLayout().byteSize());
  private final NativeBuffer target = NativeBuffer.allocate(28);

  private RawSocket(OwnedDescriptor socket) {
    this.socket = socket;
  }

  private static MethodHandle sendto() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find("sendto").orElseThrow(),
        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
        Linker.Option.captureCallState("errno"));
  }

  /** A socket that sends packets with their IP header, routed as any other of the namespace. */
  public static RawSocket sender(AddressFamily family) throws SystemCallException {
    return open(family.number(), LinuxConstants.SOCK_RAW, IPPROTO_RAW);
  }

  /**
   * A socket that sees each packet of a family that arrives at an interface of the namespace, as it
   * arrives: from its IP header on, and before any rule of that namespace.
   */
  public static RawSocket tap(AddressFamily family) throws SystemCallException {
    int type =
        switch (family) {
          case IPV4 -> ETH_P_IP;
          case IPV6 -> ETH_P_IPV6;
        };
    RawSocket tap = open(AF_PACKET, SOCK_DGRAM, Short.toUnsignedInt(bigEndian(type)));
    tap.makeRoom();
    return tap;
  }

  /**
   * A socket that sees each frame of any interface of the namespace, from its link-layer header on,
   * and that sends whole frames.
   */
  public static RawSocket frames() throws SystemCallException {
    RawSocket frames =
        open(AF_PACKET, LinuxConstants.SOCK_RAW, Short.toUnsignedInt(bigEndian(ETH_P_ALL)));
    frames.makeRoom();
    return frames;
  }

  /** A socket that sees the IPv4 packets of a protocol that rules let into the namespace. */
  public static RawSocket receiver(int protocol) throws SystemCallException {
    RawSocket receiver = open(AddressFamily.IPV4.number(), LinuxConstants.SOCK_RAW, protocol);
    receiver.makeRoom();
    return receiver;
  }

  private static short bigEndian(int value) {
    return Short.reverseBytes((short) value);
  }

  private static RawSocket open(int domain, int type, int protocol) throws SystemCallException {
    int number = Libc.socket(domain, type | LinuxConstants.SOCK_CLOEXEC, protocol);
    return new RawSocket(
        new OwnedDescriptor(SystemCallException.check("open a raw socket", number)));
  }

  private void makeRoom() throws SystemCallException {
    NativeBuffer bytes = NativeBuffer.allocate(4);
    bytes.putU32(0, RECEIVE_BUFFER);
    SystemCallException.check(
        "make room for packets",
        Libc.setsockopt(
            socket.number(),
            LinuxConstants.SOL_SOCKET,
            LinuxConstants.SO_RCVBUFFORCE,
            bytes.segment(),
            4));
  }

  /**
   * Sends the first {@code length} bytes of a packet.
   *
   * @return false if a rule of the own namespace dropped it
   */
  public boolean send(NativeBuffer packet, int length, IpAddress destination)
      throws SystemCallException {
    return send(packet, length, address(destination), destination);
  }

  /**
   * Sends the first {@code length} bytes of a frame, as they are.
   *
   * @param interfaceIndex where it leaves
   */
  public void sendFrame(NativeBuffer frame, int length, int interfaceIndex)
      throws SystemCallException {
    // struct sockaddr_ll of linux/if_packet.h: family, protocol, index, and what only matters else.
    target.segment().fill((byte) 0);
    target.segment().set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
    target.putU32(4, interfaceIndex);
    if (!send(frame, length, 20, "interface " + interfaceIndex)) {
      throw new IllegalStateException("a frame may not be sent");
    }
  }

  private boolean send(NativeBuffer packet, int length, int addressLength, Object destination)
      throws SystemCallException {
    long sent;
    try {
      MemorySegment errno = state.segment();
      sent =
          (long)
              SENDTO.invokeExact(
                  errno,
                  socket.number(),
                  packet.segment(),
                  (long) length,
                  0,
                  target.segment(),
                  addressLength);
      sent = sent < 0 ? -(int) ERRNO.get(errno, 0L) : sent;
    } catch (Throwable t) {
      throw new AssertionError("a downcall handle threw", t);
    }
    if (sent == -Errno.EPERM) {
      return false;
    }
    SystemCallException.check("send a packet to " + destination, sent);
    return true;
  }

  /** struct sockaddr_in and sockaddr_in6 of netinet/in.h: family, port, (flow), address. */
  private int address(IpAddress destination) {
    target.segment().set(ValueLayout.JAVA_SHORT, 0, (short) destination.family().number());
    return switch (destination.family()) {
      case IPV4 -> {
        target.putBytes(4, destination.bytes());
        yield 16;
      }
      case IPV6 -> {
        target.putBytes(8, destination.bytes());
        yield 28;
      }
    };
  }

  /** Takes the next packet; returns its length, or 0 if none waits. */
  public int receive(NativeBuffer into) throws SystemCallException {
    long length =
        Libc.recv(socket.number(), into.segment(), into.capacity(), LinuxConstants.MSG_DONTWAIT);
    return length == -Errno.EAGAIN
        ? 0
        : (int) SystemCallException.check("receive a packet", length);
  }

  @Override
  public void close() {
    socket.close();
  }
}
