package io.fairlead.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.probe.ProbeReport.Answer;
import io.fairlead.agent.probe.ProbeReport.Connection;
import io.fairlead.agent.probe.ProbeReport.Step;
import io.fairlead.agent.server.Json;
import io.fairlead.dataplane.model.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeTextTest {

  private static final IpAddress POD = IpAddress.parse("10.244.1.2");
  private static final IpAddress WEB = IpAddress.parse("10.96.0.10");

  private static final ProbeReport REPORT =
      new ProbeReport(
          "tcp 10.244.1.2:40000 -> 10.96.0.10:80",
          "/run/netns/web",
          List.of(
              new Step("inet fairlead", "nat-prerouting", "goto from-pods", "goto from-pods"),
              new Step("inet fairlead", "from-pods", "", "return"),
              new Step("inet fairlead", "nat-prerouting", "", "policy accept"),
              new Step("inet fairlead-policy", "deny-ingress", "ip daddr 10.0.0.1", "drop")),
          new Connection("10.244.1.2:40000 -> 10.96.0.10:80", "10.244.1.3:80 -> 10.244.1.2:40000"),
          "veth1",
          "veth2",
          new Answer(Answer.Kind.SILENT, "no answer within 1 s", -1),
          List.of("steps are missing"));

  @Test
  void aReportIsLines() {
    assertThat(ProbeText.of(REPORT))
        .containsExactly(
            "probe       tcp 10.244.1.2:40000 -> 10.96.0.10:80",
            "from        /run/netns/web",
            "rules",
            "  inet fairlead nat-prerouting       goto from-pods",
            "  inet fairlead from-pods            (end of the chain) => return",
            "  inet fairlead nat-prerouting       (end of the chain) => policy accept",
            "  inet fairlead-policy deny-ingress  ip daddr 10.0.0.1 => drop",
            "connection  10.244.1.2:40000 -> 10.96.0.10:80",
            "  replies   10.244.1.3:80 -> 10.244.1.2:40000",
            "came in     veth1",
            "went out    veth2",
            "answer      no answer within 1 s",
            "note        steps are missing");
    ProbeReport unseen =
        new ProbeReport(
            "icmp echo 10.0.0.1 -> 10.0.0.2",
            "",
            List.of(),
            Connection.NONE,
            "",
            "",
            new Answer(Answer.Kind.ANSWERED, "echo reply after 0.1 ms", 100),
            List.of());
    assertThat(ProbeText.of(unseen))
        .containsExactly(
            "probe       icmp echo 10.0.0.1 -> 10.0.0.2",
            "rules       none saw it",
            "connection  none",
            "answer      echo reply after 0.1 ms");
  }

  @Test
  void aReportIsJson() throws Exception {
    assertThat(Json.parse(Json.text(REPORT), ProbeReport.class)).isEqualTo(REPORT);
  }

  @Test
  void whatCannotBeSentIsRefused() {
    assertThat(new ProbeRequest(POD, WEB, ProbeProtocol.UDP, 53, 1400))
        .hasToString("udp 10.244.1.2 -> 10.96.0.10 port 53 with 1400 bytes, not to be fragmented");
    assertThatThrownBy(() -> new ProbeRequest(POD, WEB, ProbeProtocol.TCP, 0, 0))
        .hasMessage("a port is from 1 to 65535, not 0");
    assertThatThrownBy(() -> new ProbeRequest(POD, WEB, ProbeProtocol.ICMP, 80, 0))
        .hasMessage("ICMP has no ports");
    assertThatThrownBy(() -> new ProbeRequest(POD, WEB, ProbeProtocol.TCP, 80, 1400))
        .hasMessageStartingWith("the packet that opens a TCP connection has no payload");
    assertThatThrownBy(() -> new ProbeRequest(POD, WEB, ProbeProtocol.UDP, 80, 70_000))
        .hasMessage("a payload has 0 to 65507 bytes, not 70000");
    assertThatThrownBy(
            () -> new ProbeRequest(POD, IpAddress.parse("fd00::1"), ProbeProtocol.TCP, 80, 0))
        .hasMessage("10.244.1.2 and fd00::1 are of different address families");
  }
}
