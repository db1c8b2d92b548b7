package io.fairlead.bench.micro;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteCodecs;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message of rtnetlink with the route to another node's pods. */
@State(Scope.Thread)
public class RouteBenchmark {

  private final MessageWriter writer = new MessageWriter();
  private final Route route =
      Route.to(Cidr.parse("10.244.7.0/24")).via(IpAddress.parse("10.244.7.0")).dev(3);
  private final NetlinkMessage message = NetlinkMessage.parse(encoded());

  private byte[] encoded() {
    encode();
    return writer.toBytes();
  }

  @Benchmark
  public final int encode() {
    writer.reset();
    RouteCodecs.write(writer, route);
    return writer.length();
  }

  @Benchmark
  public @Nullable Route decode() throws MalformedMessageException {
    return RouteCodecs.readRoute(message);
  }
}
