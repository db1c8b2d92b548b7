package io.fairlead.bench.micro;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NftablesCodecs;
import io.fairlead.dataplane.netlink.nftables.SetData;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.NumberField;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message of nf_tables with one element: an endpoint of a Service. */
@State(Scope.Thread)
public class ElementBenchmark {

  private static final NfSet ENDPOINTS =
      NfSet.map(
          TableName.inet("bench"),
          "endpoints",
          "",
          SetData.values(Fields.IP_DADDR, Fields.TH_DPORT),
          Fields.IP_DADDR,
          Fields.L4PROTO,
          Fields.TH_DPORT,
          NumberField.random(65536));

  private final MessageWriter writer = new MessageWriter();
  private final List<SetElement> elements =
      List.of(
          SetElement.of(
              new KeyBuilder()
                  .address(IpAddress.parse("10.96.1.10"))
                  .protocol(6)
                  .port(80)
                  .number(1)
                  .build(),
              new KeyBuilder().address(IpAddress.parse("10.244.7.12")).port(8080).build()));
  private final NetlinkMessage message = NetlinkMessage.parse(encoded());

  private byte[] encoded() {
    encode();
    return writer.toBytes();
  }

  @Benchmark
  public final int encode() {
    writer.reset();
    NftablesCodecs.writeElements(writer, ENDPOINTS, elements);
    return writer.length();
  }

  @Benchmark
  public List<SetElement> decode() {
    return NftablesCodecs.readElements(message);
  }
}
