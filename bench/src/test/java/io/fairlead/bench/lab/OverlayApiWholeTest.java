package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.bench.api.ApiFaults.Gone;
import io.fairlead.bench.api.ApiResource;
import io.fairlead.bench.api.ApiServerDouble;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The overlay of two agents at an API server that fails in every way, under traffic. */
class OverlayApiWholeTest {

  private static final Duration LIMIT = Await.PATIENCE;
  private static final Duration INTERVAL = Duration.ofNanos(700_000);
  private static final int PORT = 7000;
  private static final InetSocketAddress SERVICE = new InetSocketAddress("10.96.0.80", 80);
  private static final String FLANNEL = "flannel.alpha.coreos.com/";

  @TempDir private Path folder;
  private final List<TcpRelay> relays = new ArrayList<>();
  private ApiDouble api;
  private Lab lab;
  private Pod client;
  private Pod server;

  @BeforeEach
  void create() throws Exception {
    api = new ApiDouble();
    LabOptions options =
        LabOptions.of(2).withKubeconfig(ApiDouble.kubeconfig(folder.resolve("kubeconfig")));
    lab = Lab.create(options, Whole.distribution());
    api.create(lab.manifests().folder());
    for (Node node : lab.nodes()) {
      relays.add(api.relay(node));
      node.configure("network-policies", "false");
      node.configure("vxlan-vni", "1");
      node.configure("flannel-annotations", "true");
    }
    lab.startAgents();
    client = lab.node(1).addPod("client");
    server = lab.node(2).addPod("server");
    server.serve(PORT);
  }

  @AfterEach
  void close() {
    lab.close();
    relays.forEach(TcpRelay::close);
    api.close();
  }

  private ApiServerDouble cluster() {
    return api.server();
  }

  private ObjectNode nodeObject(String name) {
    return cluster().find(ApiResource.NODES, "", name).orElseThrow();
  }

  private String annotation(String node, String name) {
    return nodeObject(node).path("metadata").path("annotations").path(name).asText();
  }

  private static String ghost(int number) {
    return """
    apiVersion: v1
    kind: Node
    metadata: {name: ghost-%1$d}
    spec: {podCIDR: 10.244.%1$d.0/24, podCIDRs: [10.244.%1$d.0/24]}
    status: {addresses: [{type: InternalIP, address: 192.168.88.%1$d}]}
    """
        .formatted(number);
  }

  private String routes() throws IOException, InterruptedException {
    return lab.node(1).namespace().run("ip", "route", "show", "proto", "102");
  }

  private void awaitRoute(int ghost, boolean present) throws Exception {
    String route = "10.244." + ghost + ".0/24";
    Await.until(
        route + (present ? " is there" : " is gone"),
        LIMIT,
        () -> routes().contains(route) == present);
  }

  @Test
  @DisplayName(
      "Agents restart and are killed, watches break and expire (410), the API server is away:"
          + " Nodes that came and went meanwhile are followed, and no packet is lost"
          + " (pod-network 41, 53, faults 4, 5, 6)")
  void nothingIsLost() throws Exception {
    assertThat(EchoClient.tcp(client.namespace(), server.at(PORT), LIMIT).server())
        .isEqualTo("server");
    PacketProber prober =
        PacketProber.start(client.namespace(), server.namespace(), server.at(PORT), INTERVAL);
    prober.awaitAnswers(200);

    for (Node node : lab.nodes()) {
      node.restartAgent();
      node.killAgent();
      cluster().apply(ghost(201));
      node.startAgent();
      node.waitReady();
      awaitRoute(201, true);
      node.killAgent();
      cluster().delete(ApiResource.NODES, "", "ghost-201");
      node.startAgent();
      node.waitReady();
      awaitRoute(201, false);
    }

    int number = 210;
    for (Gone gone : Gone.values()) {
      cluster().faults().gone(gone);
      cluster().apply(ghost(number));
      awaitRoute(number, true);
      cluster().goDown();
      cluster().delete(ApiResource.NODES, "", "ghost-" + number);
      cluster().compact();
      cluster().comeBack();
      awaitRoute(number, false);
      number++;
    }

    cluster().apply(ghost(220));
    awaitRoute(220, true);
    cluster().faults().stallWatches(true);
    cluster().delete(ApiResource.NODES, "", "ghost-220");
    cluster().apply(ghost(221));
    cluster().faults().stallWatches(false).dropWatches();
    awaitRoute(220, false);
    awaitRoute(221, true);

    prober.awaitAnswers(200);
    PacketProber.Report report = prober.finish();
    System.out.println("restarts, 410 and outages: " + report);
    assertThat(report.isLossless()).as("%s", report).isTrue();
  }

  @Test
  @DisplayName(
      "Flannel's annotations are published, and again when others remove them; they follow the mode"
          + " (pod-network 49, 54)")
  void flannelAnnotations() throws Exception {
    String mac = annotation("node-1", "fairlead.io/vtep-mac");
    String data = "{\"VNI\":1,\"VtepMAC\":\"" + mac + "\"}";
    assertThat(mac).isNotEmpty();
    assertThat(annotation("node-1", FLANNEL + "backend-data")).isEqualTo(data);
    assertThat(annotation("node-1", FLANNEL + "backend-type")).isEqualTo("vxlan");
    assertThat(annotation("node-1", FLANNEL + "public-ip")).isEqualTo(lab.node(1).address());
    assertThat(annotation("node-1", FLANNEL + "kube-subnet-manager")).isEqualTo("true");
    assertThat(lab.node(1).namespace().run("ip", "-d", "link", "show", "fairlead-vxlan"))
        .contains("vxlan id 1 ");

    ObjectNode bare = nodeObject("node-1");
    ((ObjectNode) bare.path("metadata").path("annotations")).removeAll().put("foreign", "stays");
    cluster().update(bare.toString());
    Await.until(
        "annotated again",
        LIMIT,
        () -> annotation("node-1", FLANNEL + "backend-data").equals(data));
    assertThat(annotation("node-1", "foreign")).isEqualTo("stays");
    assertThat(annotation("node-1", "fairlead.io/vtep-mac")).isEqualTo(mac);

    lab.node(1).configure("overlay", "host-gw");
    Await.until(
        "host-gw", LIMIT, () -> annotation("node-1", FLANNEL + "backend-type").equals("host-gw"));
  }

  @Test
  @DisplayName(
      "Packets of masqueraded connections are tunnelled as they are: nothing translates VXLAN"
          + " itself (pod-network 51)")
  void theTunnelIsNotMasqueraded() throws Exception {
    Manifests manifests = lab.manifests();
    Manifests.Port port = new Manifests.Port("echo", "TCP", SERVICE.getPort(), PORT);
    manifests.putService("web", List.of(SERVICE.getAddress().getHostAddress()), port);
    manifests.putEndpoints("web", List.of(server), port);
    for (String file : List.of("service-web", "endpointslice-web")) {
      cluster().apply(Files.readString(manifests.folder().resolve(file + ".yaml")));
    }
    Node node = lab.node(1);
    // Connections that are still tracked without NAT would hide what a new one meets.
    node.namespace().run("conntrack", "-F");
    lab.outside().run("ip", "route", "replace", "10.96.0.0/16", "via", node.address());
    Await.until(
        "the Service answers outside",
        LIMIT,
        () -> {
          try {
            EchoClient.tcp(lab.outside(), SERVICE, Duration.ofSeconds(1));
            return true;
          } catch (IOException _) {
            return false;
          }
        });
    EchoAnswer answer = EchoClient.tcp(lab.outside(), SERVICE, LIMIT);
    assertThat(answer.server()).isEqualTo("server");
    assertThat(answer.client().getAddress().getHostAddress())
        .as("masqueraded")
        .isNotEqualTo(lab.outsideAddress());
    // Not tracked at all, so there is nothing that could be translated.
    String tunnels = node.namespace().run("conntrack", "-L", "-p", "udp", "--dport", "8472");
    assertThat(tunnels).doesNotContain("dport=8472");
  }
}
