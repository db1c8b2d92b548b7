package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What {@code fairlead changes}, {@code flows} and {@code monitor} tell of a running node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObserveWholeTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int PORT = 7000;

  private Lab lab;
  private Pod server;
  private Pod friend;
  private Pod stranger;

  @BeforeAll
  void create() throws Exception {
    lab = Lab.create(LabOptions.of(1), Whole.distribution());
    lab.manifests().put("namespace", ClusterYaml.namespace());
    for (String app : List.of("server", "friend", "stranger")) {
      lab.manifests().put("pod-" + app, ClusterYaml.pod(app, "node-1", app));
    }
    lab.manifests()
        .put(
            "policy-server",
            PolicyManifests.policy(
                "server",
                "server",
                "ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}]}]\negress: []"));
    lab.startAgents();
    server = node().addPod("server");
    server.serve(PORT);
    friend = node().addPod("friend");
    stranger = node().addPod("stranger");
  }

  @AfterAll
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private Node node() {
    return lab.node(1);
  }

  /** A command that follows, and the lines that it has printed. */
  private final class Follower implements AutoCloseable {

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Follower(String... arguments) throws Exception {
      List<String> command = new ArrayList<>();
      command.add(Whole.distribution().launcher().toString());
      command.addAll(List.of(arguments));
      command.addAll(List.of("--admin-socket", node().adminSocket().toString()));
      process = node().namespace().start(new ProcessBuilder(command));
      Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
      try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
        reader.lines().forEach(lines::add);
      } catch (IOException | UncheckedIOException e) {
        lines.add("cannot be read: " + e); // It was ended.
      }
    }

    /** Repeats {@code deed} until a line that is wanted has come: nobody knows when it listens. */
    String await(Deed deed, Predicate<String> wanted) throws Exception {
      List<String> seen = new ArrayList<>();
      long end = System.nanoTime() + LIMIT.toNanos();
      while (System.nanoTime() < end) {
        deed.act();
        for (String line = lines.poll(300, TimeUnit.MILLISECONDS);
            line != null;
            line = lines.poll()) {
          seen.add(line);
          if (wanted.test(line)) {
            return line;
          }
        }
      }
      throw new AssertionError("not told, but " + seen);
    }

    /**
     * Ends it as Ctrl-C does, but by SIGTERM: where the tests run in the background, SIGINT is
     * ignored, and so it is by what they start. Returns what was said about it.
     */
    String interrupt() throws Exception {
      new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @FunctionalInterface
  private interface Deed {
    void act() throws Exception;
  }

  private void publish(String name, String address) throws IOException {
    lab.manifests()
        .put(
            "service-" + name,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: default}
            spec: {clusterIP: %s, clusterIPs: [%s], ports: [{name: web, protocol: UDP, port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: %s-1, namespace: default, labels: {kubernetes.io/service-name: %s}}
            addressType: IPv4
            endpoints: [{addresses: ["%s"], nodeName: node-1}]
            ports: [{name: web, protocol: UDP, port: %d}]
            """
                .formatted(
                    name, address, address, name, name, server.address().getHostAddress(), PORT));
  }

  private static void ask(Pod from, InetSocketAddress to) throws InterruptedException {
    try {
      EchoClient.udp(from.namespace(), to, Duration.ofMillis(200));
    } catch (IOException e) {
      // Denied, or not yet there.
    }
  }

  private String out(String... arguments) throws IOException, InterruptedException {
    ProgramOutput output = node().commandLine(arguments);
    assertThat(output.exit()).as("%s", output).isZero();
    return output.out();
  }

  @Test
  @DisplayName("a manifest that changes is told with its file, the operations and the latency")
  void changes() throws Exception {
    publish("shop", "10.96.0.70");
    Await.until(
        "the change is told",
        LIMIT,
        () -> out("changes", "--object", "service/default/shop").contains("10.96.0.70"));
    assertThat(out("changes", "--since", "5m", "--object", "service/default/shop", "-o", "wide"))
        .contains("Service default/shop added [service-shop.yaml:1]")
        .contains("committed after")
        .contains("services, ")
        .contains("inet fairlead service-ipv4");
    assertThat(out("changes", "--object", "service/default/shop", "-o", "json"))
        .contains("\"version\" : \"service-shop.yaml:1\"")
        .contains("latencyMicroseconds");
    ProgramOutput wrong = node().commandLine("changes", "--since", "5 minutes");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.error()).contains("such as 90s, 5m or 1h30m");
  }

  @Test
  @DisplayName("followers are told of a change, in text and as JSON, and end quietly")
  void followsChanges() throws Exception {
    try (Follower follower = new Follower("changes", "--follow", "--subsystem", "services");
        Follower json =
            new Follower("changes", "-f", "--object", "service/default/moved", "-o", "json")) {
      int[] last = {10};
      Deed deed = () -> publish("moved", "10.96.1." + last[0]++);
      follower.await(deed, line -> line.contains("Service default/moved"));
      assertThat(json.await(deed, line -> line.contains("default/moved"))).startsWith("{");
      assertThat(follower.interrupt()).isEmpty();
    }
  }

  @Test
  @DisplayName("what somebody deletes, and that it came back, is told with who did it")
  void repairs() throws Exception {
    publish("kept", "10.96.0.71");
    Await.until("it is there", LIMIT, () -> clusterIps().contains("10.96.0.71"));
    try (Follower monitor = new Follower("monitor", "--only", "nftables")) {
      Deed deed =
          () -> {
            if (clusterIps().contains("10.96.0.71")) {
              node()
                  .namespace()
                  .run("nft", "delete element inet fairlead cluster-ip-ipv4 { 10.96.0.71 }");
            }
          };
      assertThat(
              monitor.await(
                  deed, line -> line.contains("delete element") && line.contains("10.96.0.71")))
          .contains("[Service default/kept]")
          .contains("(nft)");
      assertThat(
              monitor.await(
                  () -> {}, line -> line.contains("add element") && line.contains("10.96.0.71")))
          .contains("[Service default/kept]")
          .endsWith("by fairlead");
    }
    assertThat(out("changes", "-o", "wide")).contains("was changed by someone else: process");
  }

  private String clusterIps() throws IOException, InterruptedException {
    return node().namespace().run("nft", "list", "set", "inet", "fairlead", "cluster-ip-ipv4");
  }

  @Test
  @DisplayName("a denied connection is told with both pods and the policy, also while following")
  void denied() throws Exception {
    try (Follower follower = new Follower("flows", "--follow", "--pod", "default/stranger")) {
      assertThat(
              follower.await(() -> ask(stranger, server.at(PORT)), line -> line.contains("denied")))
          .contains("(default/stranger) -> ")
          .contains("(default/server)")
          .contains("no rule of default/server allows it");
      assertThat(follower.interrupt()).isEmpty();
    }
    assertThat(out("flows", "--dropped", "--pod", "stranger"))
        .startsWith("TIME")
        .contains("(default/stranger)")
        .contains("(default/server)")
        .contains("default/server");
    assertThat(out("flows", "--pod", "friend")).isEqualTo("No flows were denied.\n");
    ProgramOutput wrong = node().commandLine("flows", "--all");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.error()).contains("--all needs --follow");
  }

  @Test
  @DisplayName("allowed connections are sampled, with the Service that was dialled and the policy")
  void sampled() throws Exception {
    publish("dialled", "10.96.0.72");
    InetSocketAddress service = new InetSocketAddress("10.96.0.72", 80);
    try (Follower follower = new Follower("flows", "--follow", "--all", "--pod", "friend")) {
      assertThat(
              follower.await(
                  () -> ask(friend, service),
                  line -> line.contains("allowed") && line.contains("Service")))
          .contains("(default/friend) -> 10.96.0.72:80 (Service default/dialled) -> ")
          .contains("(default/server)")
          .contains("rule 1 of the ingress of default/server allows it");
    }
  }
}
