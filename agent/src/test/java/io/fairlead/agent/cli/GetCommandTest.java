package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.Agent;
import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.loop.IdleSubsystem;
import io.fairlead.agent.server.AddressesReport;
import io.fairlead.agent.server.PodsReport;
import io.fairlead.agent.server.PodsReport.AttachedPod;
import io.fairlead.agent.server.Route;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fairlead get} against a running agent, over its real socket. */
class GetCommandTest {

  private static final String ID =
      "dfdc3fab0011223344556677889900aabbccddeeff0011223344556677cd01d4";

  private static final PodsReport PODS =
      new PodsReport(
          "node-a",
          List.of(
              new AttachedPod(
                  "default",
                  "web",
                  "uid-1",
                  "fairlead",
                  ID,
                  "eth0",
                  "veth2dd9a981f61",
                  List.of("10.244.1.2", "fd00::2"),
                  "attached",
                  List.of("tcp 8080 to 80", "udp 192.0.2.1:53 to 5353"),
                  0,
                  2_500_000,
                  "port=tcp,8080,80,-;mtu=1400"),
              new AttachedPod(
                  "kube-system",
                  "dns-of-a-long-name",
                  "",
                  "fairlead",
                  "short",
                  "eth0",
                  "veth0123456789a",
                  List.of("10.244.1.3"),
                  "leaving",
                  List.of(),
                  0,
                  0,
                  "-")));

  private static final AddressesReport ADDRESSES =
      new AddressesReport(
          "node-a",
          List.of(
              new AddressesReport.Range("10.244.1.0/24", "10.244.1.1", 3, 253),
              new AddressesReport.Range("fd00::/64", "fd00::1", 1, 4294967294L)),
          List.of(
              new AddressesReport.Address("10.244.1.2", "leased", "default/web", ID, "eth0"),
              new AddressesReport.Address(
                  "10.244.1.3", "leaving", "kube-system/dns-of-a-long-name", "short", "eth0"),
              new AddressesReport.Address("10.244.1.9", "imported", "", "former", "")),
          List.of("10.244.1.5", "10.244.1.4"));

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Tells the reports above. */
  private static final class Pods extends IdleSubsystem implements AdminRoutes {
    Pods() {
      super("pods");
    }

    @Override
    public Map<String, Route> adminRoutes() {
      return Map.of("/pods", Route.of(PODS::reply), "/addresses", Route.of(ADDRESSES::reply));
    }
  }

  private Agent agent(SubsystemFactory subsystems) throws Exception {
    Files.createDirectories(folder.resolve("m"));
    ConfigurationReader reader =
        new ConfigurationReader(
            null,
            Map.of(
                ConfigurationKey.MANIFESTS, folder.resolve("m").toString(),
                ConfigurationKey.STATE_DIR, folder.resolve("state").toString(),
                ConfigurationKey.ADMIN_SOCKET, socket(),
                ConfigurationKey.CNI_SOCKET, folder.resolve("cni.sock").toString(),
                ConfigurationKey.METRICS_ADDRESS, "127.0.0.1:0"),
            _ -> null,
            "node-a");
    return Agent.start(reader.read(), reader, subsystems);
  }

  private String socket() {
    return folder.resolve("admin.sock").toString();
  }

  private int get(String... arguments) {
    out.reset();
    err.reset();
    List<String> line = new ArrayList<>(List.of("get"));
    line.addAll(Arrays.asList(arguments));
    line.addAll(List.of("--admin-socket", socket()));
    return run(line);
  }

  private int run(List<String> line) {
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false);
    return new Main(terminal, _ -> List.of(), _ -> List.of()).run(line.toArray(String[]::new));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("pods in columns, wide, as JSON, of one namespace")
  void pods() throws Exception {
    try (Agent _ = agent(_ -> List.of(new Pods()))) {
      assertThat(get("pods")).as(err()).isZero();
      assertThat(out())
          .isEqualTo(
              """
              NAMESPACE    NAME                ADDRESSES           INTERFACE  HOST-LINK        STATE     HOST-PORTS                               BANDWIDTH                     CONTAINER
              default      web                 10.244.1.2,fd00::2  eth0       veth2dd9a981f61  attached  tcp 8080 to 80,udp 192.0.2.1:53 to 5353  in unlimited, out 2.5 Mbit/s  dfdc3fab00112
              kube-system  dns-of-a-long-name  10.244.1.3          eth0       veth0123456789a  leaving   -                                        -                             short
              """);
      assertThat(get("pods", "-o", "wide", "--namespace", "default")).isZero();
      assertThat(out().lines()).hasSize(2);
      assertThat(out())
          .containsPattern("CONTAINER +NETWORK +UID +OPTIONS")
          .contains(ID + "  fairlead  uid-1  port=tcp,8080,80,-;mtu=1400");
      assertThat(get("pods", "-o", "json", "-n", "kube-system", "--node", "node-a")).isZero();
      assertThat(PodsReport.parse(out()))
          .isEqualTo(new PodsReport("node-a", List.of(PODS.pods().getLast())));
      assertThat(get("pods", "-n", "nobody")).isZero();
      assertThat(out()).isEqualTo("No pods are attached.\n");
    }
  }

  @Test
  @DisplayName("pod CIDRs and addresses: leased, leaving, imported, and the order of reuse")
  void addresses() throws Exception {
    try (Agent _ = agent(_ -> List.of(new Pods()))) {
      assertThat(get("addresses")).as(err()).isZero();
      assertThat(out())
          .isEqualTo(
              """
              POD-CIDR       GATEWAY     USED  SIZE
              10.244.1.0/24  10.244.1.1  3     253
              fd00::/64      fd00::1     1     4294967294

              ADDRESS     STATE     POD                             INTERFACE  CONTAINER
              10.244.1.2  leased    default/web                     eth0       dfdc3fab00112
              10.244.1.3  leaving   kube-system/dns-of-a-long-name  eth0       short
              10.244.1.9  imported  -                               -          former
              """);
      assertThat(get("addresses", "-o", "wide")).isZero();
      assertThat(out()).contains(ID, "Free, and used again in this order: 10.244.1.5, 10.244.1.4");
      assertThat(get("addresses", "-o", "json")).isZero();
      assertThat(AddressesReport.parse(out())).isEqualTo(ADDRESSES);
      assertThat(get("addresses", "-n", "default")).isZero();
      assertThat(out()).contains("10.244.1.2", "POD-CIDR").doesNotContain("10.244.1.3  leaving");
    }
  }

  @Test
  @DisplayName("what cannot be shown is a sentence: 1 wrongly asked, 2 no agent")
  void errors() throws Exception {
    assertThat(get("pods")).isEqualTo(2);
    assertThat(err()).contains("No agent runs here: there is no socket " + socket());
    try (Agent _ = agent(_ -> List.of(new Pods()))) {
      assertThat(get("pods", "--node", "node-b")).isEqualTo(1);
      assertThat(out()).isEmpty();
      assertThat(err()).contains("that of the node node-a", "Ask on node-b itself");
      assertThat(get("addresses", "-o", "jsno")).isEqualTo(1);
      assertThat(err())
          .contains("--output cannot be \"jsno\". It is text, wide, json or yaml")
          .contains("Did you mean json?");
      assertThat(get("noods")).isEqualTo(1);
      assertThat(err()).contains("There is no \"noods\" here");
    }
    out.reset();
    assertThat(run(List.of("get"))).isEqualTo(1);
    assertThat(out()).contains("pods", "addresses");
    assertThat(run(List.of("get", "pods", "--help"))).isZero();
    assertThat(out()).contains("--namespace");
    try (Agent _ = agent(_ -> List.of())) {
      assertThat(get("pods")).as("no subsystem tells").isEqualTo(2);
      assertThat(err()).contains("is of another version");
    }
  }
}
