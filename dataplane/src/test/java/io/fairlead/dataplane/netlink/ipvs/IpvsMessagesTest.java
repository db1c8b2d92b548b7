package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.FAMILY;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.mark;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.persistent;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.real;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.realId;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.sctp;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.server;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.tcp;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.testing.GoldenVector;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Messages beside those that ipvsadm and the kernel were seen to send. */
class IpvsMessagesTest {

  private static final VirtualServerId DNS = tcp("10.96.0.10", 53);
  private static final VirtualServerId DNS_V6 = udp("fd00:96::a", 53);
  private static final VirtualServerId MARK = mark(AddressFamily.IPV4, 0x46000001);
  private static final RealServer ENDPOINT = real("10.244.1.3", 5353, 1);

  private static byte[] request(NetlinkSocket.RequestBody body) {
    MessageWriter writer = new MessageWriter();
    writer.begin(FAMILY.id(), 5, 7);
    body.write(writer);
    writer.end();
    return writer.toBytes();
  }

  private static byte[] request(IpvsOperation operation) {
    return request(writer -> IpvsMessages.write(writer, FAMILY, operation));
  }

  private static NetlinkMessage golden(String name) {
    return NetlinkMessage.parse(GoldenVector.read("ipvs/" + name));
  }

  @Test
  void virtualServersAreWrittenByteByByteAsIpvsadmDoes() {
    GoldenVector.assertMatches(
        "ipvs/ipvsadm-add-virtual-tcp",
        request(new IpvsOperation.AddVirtualServer(server(DNS, "rr"))));
    GoldenVector.assertMatches(
        "ipvs/ipvsadm-add-virtual-udp-v6",
        request(
            new IpvsOperation.AddVirtualServer(
                persistent(DNS_V6, "mh", 10800, SchedulerFlag.FLAG_1, SchedulerFlag.FLAG_2))));
    GoldenVector.assertMatches(
        "ipvs/ipvsadm-add-virtual-sctp",
        request(
            new IpvsOperation.AddVirtualServer(persistent(sctp("10.96.0.11", 5000), "wlc", 600))));
    GoldenVector.assertMatches(
        "ipvs/ipvsadm-add-virtual-mark",
        request(new IpvsOperation.AddVirtualServer(server(MARK, "sh", SchedulerFlag.FLAG_2))));
    GoldenVector.assertMatches(
        "ipvs/ipvsadm-change-virtual",
        request(new IpvsOperation.ChangeVirtualServer(server(DNS, "wrr"))));
    GoldenVector.assertMatches(
        "ipvs/ipvsadm-set-timeouts",
        request(
            writer -> IpvsMessages.writeTimeouts(writer, FAMILY, new IpvsTimeouts(900, 120, 300))));
  }

  @Test
  void realServersAreWrittenWithoutWhatTheKernelDoesNotNeed() {
    assertPartOf(
        "delete-virtual", request(new IpvsOperation.DeleteVirtualServer(DNS)), "delete-virtual");
    assertPartOf("add-real", request(new IpvsOperation.AddRealServer(DNS, ENDPOINT)), "add-real");
    assertPartOf(
        "add-real-v6",
        request(new IpvsOperation.AddRealServer(DNS_V6, real("fd00:244::3", 5353, 100))),
        "add-real-v6");
    assertPartOf(
        "add-real-mark",
        request(
            new IpvsOperation.AddRealServer(
                MARK, real("10.244.1.3", 0, 1, ForwardingMethod.DIRECT_ROUTING))),
        "add-real-mark");
    assertPartOf(
        "change-real",
        request(new IpvsOperation.ChangeRealServer(DNS, real("10.244.1.3", 5353, 0))),
        "change-real");
    assertPartOf(
        "delete-real",
        request(new IpvsOperation.DeleteRealServer(DNS, realId("10.244.1.3", 5353))),
        "delete-real");
  }

  /** Compares with our own bytes, and sees that ipvsadm says the same, and more. */
  private static void assertPartOf(String name, byte[] ours, String ipvsadm) {
    GoldenVector.assertMatches("ipvs/" + name, ours);
    NetlinkMessage mine = NetlinkMessage.parse(ours);
    NetlinkMessage theirs = golden("ipvsadm-" + ipvsadm);
    assertThat(mine.u32(0)).as("command and version").isEqualTo(theirs.u32(0));
    assertThat(attributes(theirs)).containsAll(attributes(mine));
  }

  private static List<String> attributes(NetlinkMessage message) {
    List<String> found = new ArrayList<>();
    AttributeReader servers = message.attributes(4);
    while (servers.next()) {
      AttributeReader attributes = servers.nested();
      while (attributes.next()) {
        found.add(
            servers.type()
                + "."
                + attributes.type()
                + "="
                + HexFormat.of().formatHex(attributes.bytes()));
      }
    }
    return found;
  }

  @Test
  void dumpsOfRealServersNameTheirVirtualServer() {
    GoldenVector.assertMatches(
        "ipvs/dump-real-v6",
        request(writer -> IpvsMessages.writeRealServerDump(writer, FAMILY, DNS_V6)));
  }

  @Test
  void timeoutsOfZeroAreLeftOut() {
    byte[] message =
        request(writer -> IpvsMessages.writeTimeouts(writer, FAMILY, new IpvsTimeouts(0, 0, 30)));
    assertThat(HexFormat.of().formatHex(message, 16, message.length))
        .isEqualTo("0c010000" + "080006001e000000");
  }

  @Test
  void whatAKernelSentOfVirtualServersIsRead() throws Exception {
    assertThat(virtual("virtual-tcp").server()).isEqualTo(server(DNS, "wrr"));
    assertThat(virtual("virtual-sctp").server())
        .isEqualTo(persistent(sctp("10.96.0.11", 5000), "wlc", 600));
    assertThat(virtual("virtual-udp-v6").server())
        .isEqualTo(persistent(DNS_V6, "mh", 10800, SchedulerFlag.FLAG_1, SchedulerFlag.FLAG_2));
    assertThat(virtual("virtual-mark").server())
        .isEqualTo(server(MARK, "sh", SchedulerFlag.FLAG_2));
    assertThat(virtual("virtual-foreign").server())
        .isNotEqualTo(persistent(udp("10.96.0.12", 53), "rr", 60))
        .hasToString("10.96.0.12:53/udp rr -p 60 -o -M 255.255.255.0");
    assertThat(virtual("virtual-used").statistics())
        .isEqualTo(new IpvsStatistics(3, 13, 10, 700, 562, 0, 1, 1, 66, 53));
  }

  private static VirtualServerStatus virtual(String name) throws Exception {
    return Objects.requireNonNull(VirtualServerDecoder.decode(golden(name)));
  }

  @Test
  void whatAKernelSentOfRealServersIsRead() throws Exception {
    assertThat(reals("real-v6").server()).isEqualTo(real("fd00:244::3", 5353, 100));
    assertThat(reals("real-mark").server())
        .isEqualTo(real("10.244.1.3", 0, 1, ForwardingMethod.DIRECT_ROUTING));
    assertThat(reals("real-foreign").server())
        .isNotEqualTo(real("10.244.1.9", 53, 3, ForwardingMethod.TUNNEL))
        .hasToString("10.244.1.9:53 weight 3 tunnel -x 100 -y 50");
    assertThat(reals("real-used"))
        .isEqualTo(
            new RealServerStatus(
                real("10.244.1.4", 8080, 1),
                1,
                2,
                1,
                new IpvsStatistics(3, 13, 10, 700, 562, 0, 1, 1, 66, 53)));
  }

  /** The fallback is the other family, so that it shows if it is used. */
  private static RealServerStatus reals(String name) throws Exception {
    AddressFamily other = name.endsWith("v6") ? AddressFamily.IPV4 : AddressFamily.IPV6;
    return RealServerCodec.decode(golden(name), other);
  }

  @Test
  void whatElseAKernelSentIsRead() throws Exception {
    assertThat(IpvsMessages.decodeTimeouts(golden("timeouts")))
        .isEqualTo(new IpvsTimeouts(900, 120, 300));
    assertThat(IpvsMessages.decodeInfo(golden("info"))).isEqualTo(new IpvsInfo("1.2.1", 256));
    assertThat(IpvsMessages.decodeDaemon(golden("daemon")))
        .isEqualTo(new SyncDaemon(SyncDaemon.Role.MASTER, "lo", 7));
  }
}
