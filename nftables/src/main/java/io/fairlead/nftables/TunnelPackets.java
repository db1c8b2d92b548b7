package io.fairlead.nftables;

import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Cmp;
import io.fairlead.dataplane.netlink.nftables.expression.CmpOperator;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.NoTrack;
import io.fairlead.dataplane.netlink.nftables.expression.Payload;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.table.TableShape;
import java.nio.ByteBuffer;

/**
 * The packets in which VXLAN carries those of pods. Their connections are not tracked: no answer
 * ever belongs to one, since the source port is another in each direction, so that each packet
 * would be taken for a first one and pass all that first packets pass. What they carry is tracked
 * before it is wrapped and after it is unwrapped.
 *
 * @param port the UDP port, 1 to 65535
 * @param vni the VXLAN network identifier, 1 to 16777215
 * @param bridge the name of the interface through which pods' packets come in: what a pod makes up
 *     to look like these packets is tracked, masqueraded and judged as anything else
 */
public record TunnelPackets(int port, int vni, String bridge) {

  private static final String PREROUTING = "tunnel-prerouting";
  private static final String OUTPUT = "tunnel-output";

  /** NF_IP_PRI_RAW of linux/netfilter_ipv4.h: before connections are tracked. */
  private static final int RAW = -300;

  private static final Bytes IPPROTO_UDP = Bytes.u8(17);

  /** The VXLAN header follows that of UDP, and is as long (RFC 7348, section 5). */
  private static final int HEADER = 8;

  /** Its flags say that there is a network identifier, and nothing else is set. */
  private static final long FLAGS = 0x08L << 56;

  void addTo(TableShape shape) {
    shape.hook(PREROUTING, NfChain.Type.FILTER, Point.PREROUTING, RAW, "of VXLAN, received");
    shape.hook(OUTPUT, NfChain.Type.FILTER, Point.OUTPUT, RAW, "of VXLAN, sent");
    shape.rule(PREROUTING, packet().cameNotThrough(bridge).then(new NoTrack()));
    shape.rule(OUTPUT, packet().then(new NoTrack()));
  }

  private RuleBuilder packet() {
    return new RuleBuilder()
        .equal(Fields.L4PROTO, IPPROTO_UDP)
        .equal(Fields.TH_DPORT, Bytes.u16Be(port))
        .then(new Payload(Payload.Base.TRANSPORT, HEADER, HEADER, 0))
        .then(new Cmp(CmpOperator.EQUAL, 0, header()));
  }

  private Bytes header() {
    long header = FLAGS | ((long) vni << 8);
    return Bytes.of(ByteBuffer.allocate(HEADER).putLong(header).array());
  }
}
