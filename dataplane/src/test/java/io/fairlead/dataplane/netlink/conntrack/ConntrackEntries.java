package io.fairlead.dataplane.netlink.conntrack;

import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_ID;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_MARK;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_STATUS;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_TIMEOUT;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_TUPLE_ORIG;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_TUPLE_REPLY;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CT_NEW;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MessageWriter;
import java.util.random.RandomGenerator;

/** Entries for tests: chosen ones, random ones, and the message in which a kernel sends one. */
final class ConntrackEntries {

  private ConntrackEntries() {}

  static ConntrackEntry udp(String client, int port, String service, String endpoint, int id) {
    IpAddress from = IpAddress.parse(client);
    IpAddress answering = IpAddress.parse(endpoint);
    return new ConntrackEntry(
        new ConntrackTuple(from, IpAddress.parse(service), 17, new TransportKey.Ports(port, 53)),
        new ConntrackTuple(answering, from, 17, new TransportKey.Ports(5353, port)),
        ConntrackZone.DEFAULT,
        0,
        ConntrackStatus.CONFIRMED.mask() | ConntrackStatus.DST_NAT.mask(),
        30,
        id);
  }

  static ConntrackEntry random(RandomGenerator random) {
    int bytes = random.nextBoolean() ? 4 : 16;
    TransportKey there;
    TransportKey back;
    int protocol;
    switch (random.nextInt(4)) {
      case 0 -> {
        protocol = bytes == 4 ? ConntrackTuple.ICMP : ConntrackTuple.ICMPV6;
        int id = random.nextInt(0x10000);
        there = new TransportKey.Icmp(random.nextInt(256), random.nextInt(256), id);
        back = new TransportKey.Icmp(random.nextInt(256), random.nextInt(256), id);
      }
      case 1 -> {
        protocol = 100 + random.nextInt(30);
        there = new TransportKey.None();
        back = there;
      }
      default -> {
        protocol = random.nextBoolean() ? ConntrackTuple.TCP : ConntrackTuple.UDP;
        there = new TransportKey.Ports(random.nextInt(0x10000), random.nextInt(0x10000));
        back = new TransportKey.Ports(random.nextInt(0x10000), random.nextInt(0x10000));
      }
    }
    return new ConntrackEntry(
        new ConntrackTuple(address(random, bytes), address(random, bytes), protocol, there),
        new ConntrackTuple(address(random, bytes), address(random, bytes), protocol, back),
        zone(random),
        random.nextInt(),
        random.nextInt(0x10000),
        random.nextInt(),
        random.nextInt());
  }

  private static ConntrackZone zone(RandomGenerator random) {
    ConntrackZone.Direction[] directions = ConntrackZone.Direction.values();
    int id = random.nextInt(0x10000);
    ConntrackZone.Direction direction = directions[random.nextInt(directions.length)];
    return id == 0 || random.nextInt(3) == 0
        ? ConntrackZone.DEFAULT
        : new ConntrackZone(id, direction);
  }

  private static IpAddress address(RandomGenerator random, int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return IpAddress.of(content);
  }

  /** IPCTNL_MSG_CT_NEW as a dump sends it. */
  static byte[] message(ConntrackEntry entry) {
    MessageWriter writer = new MessageWriter();
    writer.begin(CT_NEW, 2, 1).u8(entry.family().number()).u8(0).u16Be(0);
    ConntrackMessages.writeTuple(writer, CTA_TUPLE_ORIG, entry.original(), entry.zone(), true);
    ConntrackMessages.writeTuple(writer, CTA_TUPLE_REPLY, entry.reply(), entry.zone(), false);
    ConntrackMessages.writeZone(writer, entry.zone());
    writer.attributeU32Be(CTA_STATUS, entry.status());
    writer.attributeU32Be(CTA_TIMEOUT, entry.timeout());
    writer.attributeU32Be(CTA_MARK, entry.mark());
    writer.attributeU32Be(CTA_ID, entry.id());
    writer.end();
    return writer.toBytes();
  }
}
