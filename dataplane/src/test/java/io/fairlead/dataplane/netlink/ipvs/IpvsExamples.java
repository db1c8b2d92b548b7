package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.generic.GenericFamily;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Servers for tests: short to write, random, and as the kernel describes them. */
final class IpvsExamples {

  static final GenericFamily FAMILY = new GenericFamily("IPVS", 0x1e, 1, 0, new TreeMap<>());

  private static final int NEW_SERVICE = 1;
  private static final int NEW_DEST = 5;

  private IpvsExamples() {}

  static VirtualServerId tcp(String address, int port) {
    return new VirtualServerId.ByAddress(Protocol.TCP, IpAddress.parse(address), port);
  }

  static VirtualServerId udp(String address, int port) {
    return new VirtualServerId.ByAddress(Protocol.UDP, IpAddress.parse(address), port);
  }

  static VirtualServerId sctp(String address, int port) {
    return new VirtualServerId.ByAddress(Protocol.SCTP, IpAddress.parse(address), port);
  }

  static VirtualServerId mark(AddressFamily family, int mark) {
    return new VirtualServerId.ByMark(family, mark);
  }

  static VirtualServer server(VirtualServerId id, String scheduler, SchedulerFlag... flags) {
    return new VirtualServer(id, scheduler, Set.of(flags), 0);
  }

  static VirtualServer persistent(
      VirtualServerId id, String scheduler, int seconds, SchedulerFlag... flags) {
    return new VirtualServer(id, scheduler, Set.of(flags), seconds);
  }

  static RealServer real(String address, int port, int weight) {
    return new RealServer(IpAddress.parse(address), port, ForwardingMethod.MASQUERADE, weight);
  }

  static RealServer real(String address, int port, int weight, ForwardingMethod method) {
    return new RealServer(IpAddress.parse(address), port, method, weight);
  }

  static RealServerId realId(String address, int port) {
    return new RealServerId(IpAddress.parse(address), port);
  }

  static IpAddress randomAddress(RandomGenerator random) {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    return IpAddress.of(bytes);
  }

  static VirtualServerId randomId(RandomGenerator random) {
    if (random.nextInt(4) == 0) {
      AddressFamily family = random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
      return new VirtualServerId.ByMark(family, random.nextInt() | 1 << random.nextInt(32));
    }
    List<Protocol> protocols = List.of(Protocol.values());
    Protocol protocol = protocols.get(random.nextInt(protocols.size()));
    return new VirtualServerId.ByAddress(protocol, randomAddress(random), random.nextInt(0x10000));
  }

  static VirtualServer randomVirtual(RandomGenerator random) {
    Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      if (random.nextInt(3) == 0) {
        flags.add(flag);
      }
    }
    return new VirtualServer(
        randomId(random),
        "s".repeat(1 + random.nextInt(15)),
        flags,
        random.nextBoolean() ? 0 : random.nextInt(Integer.MAX_VALUE));
  }

  static RealServer randomReal(RandomGenerator random) {
    List<ForwardingMethod> methods = List.of(ForwardingMethod.values());
    return new RealServer(
        randomAddress(random),
        random.nextInt(0x10000),
        methods.get(random.nextInt(methods.size())),
        random.nextInt(Integer.MAX_VALUE));
  }

  /** Numbers of 64 bits if {@code wide}, else of 32 apart from the sums of bytes. */
  static IpvsStatistics randomStatistics(RandomGenerator random, boolean wide) {
    long mask = wide ? -1 : 0xffffffffL;
    return new IpvsStatistics(
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong(),
        random.nextLong(),
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong() & mask,
        random.nextLong() & mask);
  }

  /** IPVS_CMD_NEW_SERVICE as the kernel sends it, in its order of attributes. */
  static byte[] answer(VirtualServerStatus status, int extraFlags, boolean wide) {
    VirtualServer server = status.server();
    MessageWriter writer = begin(NEW_SERVICE);
    int service = writer.beginAttribute(1);
    writer.attributeU16(1, server.id().family().number());
    switch (server.id()) {
      case VirtualServerId.ByAddress by -> {
        writer.attributeU16(2, by.protocol().number());
        writer.attributeBytes(3, padded(by.address()));
        writer.attributeU16Be(4, by.port());
      }
      case VirtualServerId.ByMark by -> writer.attributeU32(5, by.mark());
    }
    writer.attributeString(6, server.scheduler());
    int flags = extraFlags | (server.persistenceSeconds() > 0 ? 1 : 0);
    for (SchedulerFlag flag : server.flags()) {
      flags |=
          switch (flag) {
            case FLAG_1 -> 8;
            case FLAG_2 -> 16;
            case FLAG_3 -> 32;
          };
    }
    int pair = writer.beginAttribute(7);
    writer.u32(flags).u32(-1);
    writer.endAttribute(pair);
    writer.attributeU32(8, server.persistenceSeconds());
    writer.attributeU32(9, server.id().family() == AddressFamily.IPV4 ? -1 : 128);
    write(writer, status.statistics(), wide);
    writer.endAttribute(service);
    writer.end();
    return writer.toBytes();
  }

  /** IPVS_CMD_NEW_DEST as the kernel sends it. */
  static byte[] answer(RealServerStatus status, boolean wide) {
    RealServer server = status.server();
    MessageWriter writer = begin(NEW_DEST);
    int destination = writer.beginAttribute(2);
    writer.attributeBytes(1, padded(server.address()));
    writer.attributeU16Be(2, server.port());
    writer.attributeU32(
        3,
        switch (server.method()) {
          case MASQUERADE -> 0;
          case LOCAL -> 1;
          case TUNNEL -> 2;
          case DIRECT_ROUTING -> 3;
          case BYPASS -> 4;
        });
    writer.attributeU32(4, server.weight());
    writer.attributeU8(13, 0).attributeU16Be(14, 0).attributeU16(15, 0);
    writer.attributeU32(5, 0).attributeU32(6, 0);
    writer.attributeU32(7, status.activeConnections());
    writer.attributeU32(8, status.inactiveConnections());
    writer.attributeU32(9, status.persistentConnections());
    writer.attributeU16(11, server.address().family().number());
    write(writer, status.statistics(), wide);
    writer.endAttribute(destination);
    writer.end();
    return writer.toBytes();
  }

  private static MessageWriter begin(int command) {
    MessageWriter writer = new MessageWriter();
    writer.begin(FAMILY.id(), 2, 7);
    return writer.u8(command).u8(1).u16(0);
  }

  private static byte[] padded(IpAddress address) {
    return Arrays.copyOf(address.bytes(), 16);
  }

  /** The narrow ones, as kernels before 4.1 had them alone, and the wide ones behind them. */
  private static void write(MessageWriter writer, IpvsStatistics statistics, boolean wide) {
    long[] numbers = {
      statistics.connections(),
      statistics.incomingPackets(),
      statistics.outgoingPackets(),
      statistics.incomingBytes(),
      statistics.outgoingBytes(),
      statistics.connectionsPerSecond(),
      statistics.incomingPacketsPerSecond(),
      statistics.outgoingPacketsPerSecond(),
      statistics.incomingBytesPerSecond(),
      statistics.outgoingBytesPerSecond()
    };
    int narrow = writer.beginAttribute(10);
    for (int i = 0; i < numbers.length; i++) {
      if (i == 3 || i == 4) {
        writer.attributeU64(i + 1, numbers[i]);
      } else {
        writer.attributeU32(i + 1, (int) numbers[i]);
      }
    }
    writer.endAttribute(narrow);
    if (wide) {
      int all = writer.beginAttribute(12);
      for (int i = 0; i < numbers.length; i++) {
        writer.attributeU64(i + 1, numbers[i]);
      }
      writer.endAttribute(all);
    }
  }
}
