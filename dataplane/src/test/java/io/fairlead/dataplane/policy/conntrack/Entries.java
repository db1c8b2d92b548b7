package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackStatus;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.TransportKey;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Icmp;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.None;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Ports;

/** Entries of connections as the kernel would describe them. */
final class Entries {

  private static int ids = 100;

  private Entries() {}

  private static ConntrackTuple tuple(String from, String to, int protocol, TransportKey key) {
    return new ConntrackTuple(IpAddress.parse(from), IpAddress.parse(to), protocol, key);
  }

  static ConntrackEntry of(ConntrackTuple original, ConntrackTuple reply) {
    return new ConntrackEntry(
        original, reply, ConntrackZone.DEFAULT, 0, ConntrackStatus.CONFIRMED.mask(), 30, ids++);
  }

  /** A connection without any translation. */
  static ConntrackEntry plain(int protocol, String from, int port, String to, int toPort) {
    return of(
        tuple(from, to, protocol, new Ports(port, toPort)),
        tuple(to, from, protocol, new Ports(toPort, port)));
  }

  static ConntrackEntry tcp(String from, int port, String to, int toPort) {
    return plain(ConntrackTuple.TCP, from, port, to, toPort);
  }

  /** To port 80 of a Service, sent to port 8080 of an endpoint, masqueraded as somebody. */
  static ConntrackEntry service(String from, String service, String endpoint, String masquerade) {
    return of(
        tuple(from, service, ConntrackTuple.TCP, new Ports(40000, 80)),
        tuple(endpoint, masquerade, ConntrackTuple.TCP, new Ports(8080, 61000)));
  }

  static ConntrackEntry ping(String from, String to) {
    return of(
        tuple(from, to, ConntrackTuple.ICMP, new Icmp(8, 0, 7)),
        tuple(to, from, ConntrackTuple.ICMP, new Icmp(0, 0, 7)));
  }

  static ConntrackEntry bare(int protocol, String from, String to) {
    return of(tuple(from, to, protocol, new None()), tuple(to, from, protocol, new None()));
  }

  static ConntrackEntry with(ConntrackEntry entry, ConntrackZone zone, int status) {
    return new ConntrackEntry(
        entry.original(), entry.reply(), zone, 0, status, entry.timeout(), entry.id());
  }
}
