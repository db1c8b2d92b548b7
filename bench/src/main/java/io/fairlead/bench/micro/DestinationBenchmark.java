package io.fairlead.bench.micro;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.generic.GenericFamily;
import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsCodecs;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.RealServerStatus;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message of IPVS that adds a destination to a virtual server. */
@State(Scope.Thread)
public class DestinationBenchmark {

  private final MessageWriter writer = new MessageWriter();
  private final GenericFamily family = new GenericFamily("IPVS", 32, 1, 0, new TreeMap<>());
  private final IpvsOperation operation =
      new IpvsOperation.AddRealServer(
          new VirtualServerId.ByAddress(Protocol.TCP, IpAddress.parse("10.96.1.10"), 80),
          new RealServer(IpAddress.parse("10.244.7.12"), 8080, ForwardingMethod.MASQUERADE, 1));
  private final NetlinkMessage message = NetlinkMessage.parse(encoded());

  private byte[] encoded() {
    encode();
    return writer.toBytes();
  }

  @Benchmark
  public final int encode() {
    writer.reset();
    IpvsCodecs.write(writer, family, operation);
    return writer.length();
  }

  @Benchmark
  public RealServerStatus decode() throws MalformedMessageException {
    return IpvsCodecs.readRealServer(message);
  }
}
