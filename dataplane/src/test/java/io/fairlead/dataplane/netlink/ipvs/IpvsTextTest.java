package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.mark;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.persistent;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.real;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.realId;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.sctp;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.server;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.tcp;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IpvsTextTest {

  private static final VirtualServerId DNS = udp("10.96.0.10", 53);

  @Test
  void everyOperationHasItsText() {
    Stream<IpvsOperation> operations =
        Stream.of(
            new IpvsOperation.AddVirtualServer(server(DNS, "rr")),
            new IpvsOperation.ChangeVirtualServer(
                persistent(
                    tcp("fd00::a", 443), "mh", 10800, SchedulerFlag.FLAG_2, SchedulerFlag.FLAG_1)),
            new IpvsOperation.DeleteVirtualServer(mark(AddressFamily.IPV4, 0x46000001)),
            new IpvsOperation.AddRealServer(DNS, real("10.244.1.3", 53, 1)),
            new IpvsOperation.ChangeRealServer(
                sctp("fd00::a", 7), real("fd00::3", 53, 0, ForwardingMethod.DIRECT_ROUTING)),
            new IpvsOperation.DeleteRealServer(DNS, realId("10.244.1.3", 53)));
    assertThat(operations.map(Object::toString))
        .containsExactly(
            "add virtual server 10.96.0.10:53/udp rr",
            "change virtual server [fd00::a]:443/tcp mh -b mh-fallback,mh-port -p 10800",
            "delete virtual server mark 0x46000001 (IPv4)",
            "add real server 10.244.1.3:53 weight 1 to 10.96.0.10:53/udp",
            "change real server [fd00::3]:53 weight 0 direct-routing of [fd00::a]:7/sctp",
            "delete real server 10.244.1.3:53 from 10.96.0.10:53/udp");
  }

  @Test
  void idsAreOrderedByAddressPortAndProtocolAndMarksFollow() {
    List<VirtualServerId> ordered =
        List.of(
            tcp("9.0.0.1", 80),
            tcp("10.96.0.10", 53),
            udp("10.96.0.10", 53),
            tcp("10.96.0.10", 100),
            tcp("fd00::1", 1),
            mark(AddressFamily.IPV4, 1),
            mark(AddressFamily.IPV4, 0xf0000000),
            mark(AddressFamily.IPV6, 1));
    assertThat(ordered.reversed().stream().sorted()).containsExactlyElementsOf(ordered);
    assertThat(Stream.of(realId("10.0.0.2", 1), realId("10.0.0.1", 2), realId("10.0.0.1", 1)))
        .isSortedAccordingTo((a, b) -> -a.compareTo(b));
  }

  @Test
  void flagsAreSpelledAsIpvsadmDoes() {
    assertThat(SchedulerFlag.FLAG_1.text("sh")).isEqualTo("sh-fallback");
    assertThat(SchedulerFlag.FLAG_2.text("mh")).isEqualTo("mh-port");
    assertThat(SchedulerFlag.FLAG_3.text("mh")).isEqualTo("flag-3");
    assertThat(SchedulerFlag.FLAG_1.text("rr")).isEqualTo("flag-1");
    for (String scheduler : List.of("sh", "mh", "rr")) {
      for (SchedulerFlag flag : SchedulerFlag.values()) {
        assertThat(SchedulerFlag.parse(flag.text(scheduler), scheduler)).isEqualTo(flag);
      }
    }
    assertThat(SchedulerFlag.parse("flag-2", "sh")).isEqualTo(SchedulerFlag.FLAG_2);
    assertThat(SchedulerFlag.parse("sh-port", "mh")).isNull();
    assertThat(SchedulerFlag.parse("sh-port", "rr")).isNull();
    assertThat(SchedulerFlag.parse("", "sh")).isNull();
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tcp("10.0.0.1", 65536))
        .withMessage("a port is from 0 to 65535, not 65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> mark(AddressFamily.IPV4, 0))
        .withMessage("a virtual server's mark is not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> real("10.0.0.1", 80, -1))
        .withMessage("a weight is from 0 to 2147483647, not -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> persistent(DNS, "rr", -1))
        .withMessage("persistence lasts 0 s or longer, not -1");
  }

  @Test
  void settingsOfOthersAreNeverWritten() {
    VirtualServer virtual = new VirtualServer(DNS, "rr", Set.of(), 0, "-o");
    RealServer real =
        new RealServer(
            IpAddress.parse("10.0.0.1"), 80, ForwardingMethod.MASQUERADE, 1, "-x 5 -y 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpvsOperation.AddVirtualServer(virtual))
        .withMessage("10.96.0.10:53/udp rr -o has settings (-o) that are only read, never written");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpvsOperation.ChangeVirtualServer(virtual));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpvsOperation.AddRealServer(DNS, real));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IpvsOperation.ChangeRealServer(DNS, real));
  }
}
