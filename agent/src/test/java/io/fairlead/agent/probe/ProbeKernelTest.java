package io.fairlead.agent.probe;

import static io.fairlead.agent.probe.ProbeLab.CLIENT;
import static io.fairlead.agent.probe.ProbeLab.SERVER;
import static io.fairlead.agent.probe.ProbeLab.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.probe.ProbeReport.Answer;
import io.fairlead.agent.probe.ProbeReport.Connection;
import io.fairlead.agent.probe.ProbeReport.Step;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.testing.OpenDescriptors;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real packets between namespaces, and what is told of them. */
class ProbeKernelTest {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  @TempDir private Path folder;
  private ProbeLab lab;
  private String tables;

  @BeforeEach
  void open() throws Exception {
    lab = new ProbeLab(folder);
    tables = lab.tables();
  }

  /** Whatever became of the packet, nothing is left of what followed it. */
  @AfterEach
  void close() {
    assertThat(lab.tables()).isEqualTo(tables);
    lab.close();
    descriptors.assertNoneAdded();
  }

  private ProbeReport probe(
      @Nullable IpAddress source, IpAddress destination, ProbeProtocol protocol, int port, int size)
      throws Exception {
    return lab.probe(new ProbeRequest(source, destination, protocol, port, size));
  }

  private ServerSocket listen(String address) throws Exception {
    return lab.server.call(() -> new ServerSocket(8080, 5, InetAddress.getByName(address)));
  }

  @Test
  void aConnectionThroughAServiceShowsItsTranslation() throws Exception {
    try (ServerSocket _ = listen("10.244.1.3")) {
      ProbeReport report = probe(CLIENT, SERVICE, ProbeProtocol.TCP, 80, 0);
      assertThat(report.answer().kind()).isEqualTo(Answer.Kind.ANSWERED);
      assertThat(report.answer().text()).matches("SYN-ACK after \\d+\\.\\d ms");
      assertThat(report.isAnswered()).isTrue();
      assertThat(report.steps())
          .extracting(Step::rule)
          .anyMatch(rule -> rule.contains("map @service-ipv4"))
          .anyMatch(rule -> rule.contains("vmap @balance"))
          .anyMatch(rule -> rule.startsWith("dnat ip to") && rule.contains("map @endpoint-ipv4"));
      assertThat(report.steps())
          .allMatch(step -> step.table().equals("inet fairlead"))
          .noneMatch(Step::isDrop)
          .doesNotHaveDuplicates();
      assertThat(report.packet()).matches("tcp 10\\.244\\.1\\.2:\\d+ -> 10\\.96\\.0\\.10:80");
      assertThat(report.connection().original()).isEqualTo(report.packet().substring(4));
      assertThat(report.connection().reply()).startsWith("10.244.1.3:8080 -> 10.244.1.2:");
      assertThat(report.in()).isEqualTo("client");
      assertThat(report.out()).isEqualTo("server");
      assertThat(report.namespace()).endsWith("/netns/client");
      assertThat(report.notes()).isEmpty();
    }
  }

  @Test
  void aDeniedOneShowsTheRuleThatDropsIt() throws Exception {
    lab.isolateServer();
    tables = lab.tables();
    try (ServerSocket _ = listen("10.244.1.3")) {
      ProbeReport report = probe(CLIENT, SERVICE, ProbeProtocol.TCP, 80, 0);
      assertThat(report.answer())
          .isEqualTo(new Answer(Answer.Kind.SILENT, "no answer within 1 s", -1));
      assertThat(report.steps())
          .last()
          .isEqualTo(new Step("inet fairlead-policy", "deny-ingress", "drop", "drop"));
      assertThat(report.connection()).isEqualTo(Connection.NONE);
    }
  }

  @Test
  void refusalsAreTold() throws Exception {
    ProbeReport reset = probe(CLIENT, SERVICE, ProbeProtocol.TCP, 80, 0);
    assertThat(reset.answer().kind()).isEqualTo(Answer.Kind.REFUSED);
    assertThat(reset.answer().text()).startsWith("refused (RST) after ");
    ProbeReport unused = probe(CLIENT, SERVER, ProbeProtocol.UDP, 53, 0);
    assertThat(unused.answer().kind()).isEqualTo(Answer.Kind.REFUSED);
    assertThat(unused.answer().text()).startsWith("ICMP port unreachable from 10.244.1.3 after");
    ProbeReport unused6 =
        probe(
            IpAddress.parse("fd00:244:1::2"),
            IpAddress.parse("fd00:244:1::3"),
            ProbeProtocol.UDP,
            53,
            0);
    assertThat(unused6.answer().text())
        .startsWith("ICMP port unreachable from fd00:244:1::3 after");
    lab.node().run("ip", "route", "add", "unreachable", "198.51.100.0/24");
    ProbeReport nowhere = probe(CLIENT, IpAddress.parse("198.51.100.1"), ProbeProtocol.TCP, 80, 0);
    assertThat(nowhere.answer().kind()).isEqualTo(Answer.Kind.UNREACHABLE);
    assertThat(nowhere.answer().text()).startsWith("ICMP host unreachable from ");
  }

  @Test
  void echoesAreAnsweredOfBothFamilies() throws Exception {
    ProbeReport v4 = probe(CLIENT, SERVER, ProbeProtocol.ICMP, 0, 0);
    assertThat(v4.answer().text()).startsWith("echo reply after ");
    assertThat(v4.steps()).isNotEmpty();
    assertThat(v4.connection().original()).startsWith("10.244.1.2 -> 10.244.1.3 type 8");
    assertThat(v4.packet()).isEqualTo("icmp echo 10.244.1.2 -> 10.244.1.3");
    ProbeReport v6 =
        probe(
            IpAddress.parse("fd00:244:1::2"),
            IpAddress.parse("fd00:244:1::3"),
            ProbeProtocol.ICMP,
            0,
            0);
    assertThat(v6.answer().text()).startsWith("echo reply after ");
    assertThat(v6.steps()).isNotEmpty();
  }

  @Test
  void theNodeItselfIsASource() throws Exception {
    lab.node().run("ip", "route", "add", "10.96.0.0/16", "dev", "client", "src", "10.244.1.1");
    try (ServerSocket _ = listen("10.244.1.3")) {
      ProbeReport report = probe(null, SERVICE, ProbeProtocol.TCP, 80, 0);
      assertThat(report.answer().kind()).isEqualTo(Answer.Kind.ANSWERED);
      assertThat(report.steps())
          .extracting(Step::chain)
          .startsWith("nat-output")
          .contains("endpoints-1", "nat-postrouting");
      assertThat(report.in()).isEmpty();
      assertThat(report.out()).isEqualTo("server");
      assertThat(report.namespace()).isEmpty();
    }
  }

  @Test
  void whatIsTooLongIsTold() throws Exception {
    lab.node().run("ip", "link", "set", "server", "mtu", "1400");
    ProbeReport inside = probe(CLIENT, SERVER, ProbeProtocol.ICMP, 0, 1372);
    assertThat(inside.answer().kind()).isEqualTo(Answer.Kind.ANSWERED);
    ProbeReport beyond = probe(CLIENT, SERVER, ProbeProtocol.ICMP, 0, 1373);
    assertThat(beyond.answer().kind()).isEqualTo(Answer.Kind.TOO_LONG);
    assertThat(beyond.answer().text()).startsWith("ICMP fragmentation needed (MTU 1400) from ");
    // By now its own kernel knows.
    ProbeReport known = probe(CLIENT, SERVER, ProbeProtocol.UDP, 9, 1373);
    assertThat(known.answer().text())
        .isEqualTo("EMSGSIZE: longer than its own link or route allows (MTU 1400)");
    assertThat(known.steps()).isEmpty();
    assertThat(known.notes()).anyMatch(note -> note.startsWith("no rule of this node's saw"));
  }

  @Test
  void anAddressThatNobodyHasIsASentence() {
    assertThatThrownBy(
            () -> probe(IpAddress.parse("10.244.1.99"), SERVICE, ProbeProtocol.TCP, 80, 0))
        .isInstanceOf(ProbeException.class)
        .hasMessage(
            "no network namespace of this node has the address 10.244.1.99; 2 were looked into:"
                + " is the pod on another node?");
    assertThatThrownBy(() -> probe(null, IpAddress.parse("203.0.113.1"), ProbeProtocol.TCP, 80, 0))
        .isInstanceOf(ProbeException.class)
        .hasMessage("this node has no way to 203.0.113.1: no route leads there");
  }

  @Test
  void rulesOfLegacyAreOwnedUpTo() throws Exception {
    lab.node().run("iptables-legacy", "-t", "filter", "-L");
    assertThat(probe(CLIENT, SERVER, ProbeProtocol.ICMP, 0, 0).notes())
        .anyMatch(note -> note.startsWith("iptables-legacy has tables here (filter)"));
  }

  @Test
  void rulesOfIptablesNftAreInItsWords() throws Exception {
    lab.node().run("iptables-nft", "-A", "FORWARD", "-p", "icmp", "-j", "ACCEPT");
    lab.node().run("iptables-nft", "-A", "FORWARD", "-s", "10.244.1.2", "-j", "DROP");
    tables = lab.tables();
    ProbeReport report = probe(CLIENT, SERVER, ProbeProtocol.UDP, 9, 0);
    assertThat(report.steps())
        .filteredOn(Step::isDrop)
        .containsExactly(
            new Step("ip filter", "FORWARD", "-A FORWARD -s 10.244.1.2/32 -j DROP", "drop"));
  }
}
