package io.fairlead.bench.micro;

import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.RouteCodecs;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message of rtnetlink with the host's end of a pod's link. */
@State(Scope.Thread)
public class LinkBenchmark {

  private final MessageWriter writer = new MessageWriter();
  private final Link link =
      new Link(
          17,
          "veth2dd9a981f61",
          MacAddress.parse("0a:58:0a:f4:01:02"),
          1450,
          0x11043,
          4,
          2,
          1,
          "fairlead fairlead dfdc3fab4b0b1d74cd01d4 eth0 10.244.1.2 default/pod-a",
          new LinkKind.Veth());
  private final NetlinkMessage message = NetlinkMessage.parse(encoded());

  private byte[] encoded() {
    encode();
    return writer.toBytes();
  }

  @Benchmark
  public final int encode() {
    writer.reset();
    RouteCodecs.write(writer, link);
    return writer.length();
  }

  @Benchmark
  public @Nullable Link decode() {
    return RouteCodecs.readLink(message);
  }
}
