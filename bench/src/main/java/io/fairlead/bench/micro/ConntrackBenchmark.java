package io.fairlead.bench.micro;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.conntrack.ConntrackCodecs;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.TransportKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A flow through a Service: the entry that a dump has, and the message that deletes it. */
@State(Scope.Thread)
public class ConntrackBenchmark {

  private final MessageWriter writer = new MessageWriter();
  private final ConntrackEntry entry =
      new ConntrackEntry(
          tuple("10.244.1.2", "10.96.0.10", 40_000, 53),
          tuple("10.244.7.12", "10.244.1.2", 5353, 40_000),
          ConntrackZone.DEFAULT,
          0,
          0x1ae,
          119,
          0x12345678);
  private final NetlinkMessage message = NetlinkMessage.parse(encoded());

  private static ConntrackTuple tuple(String from, String to, int source, int destination) {
    return new ConntrackTuple(
        IpAddress.parse(from),
        IpAddress.parse(to),
        ConntrackTuple.UDP,
        new TransportKey.Ports(source, destination));
  }

  private byte[] encoded() {
    writer.reset();
    ConntrackCodecs.write(writer, entry);
    return writer.toBytes();
  }

  @Benchmark
  public int encodeDeletion() {
    writer.reset();
    ConntrackCodecs.writeDelete(writer, entry);
    return writer.length();
  }

  @Benchmark
  public ConntrackEntry decode() throws MalformedMessageException {
    return ConntrackCodecs.read(message);
  }
}
