package io.fairlead.agent.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.why.WhyReport.Verdict;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.overlay.OverlayMode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way of a packet, as it follows from records and from what the kernel is said to hold. */
class WalkTest {

  private WhyFixture node;

  @BeforeEach
  void make() throws Exception {
    node = new WhyFixture();
  }

  private static List<Stage> stages(Way way) {
    return way.steps().stream().map(Step::stage).toList();
  }

  private void policy(String spec) throws Exception {
    node.cluster.put(
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: "
            + spec
            + "}");
  }

  private void slice(String endpoints) throws Exception {
    node.cluster.put(
        "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-a, labels:"
            + " {kubernetes.io/service-name: web}}, addressType: IPv4, ports: [{name: http, port:"
            + " 8080}], endpoints: "
            + endpoints
            + "}");
  }

  @Test
  @DisplayName("a pod reaches a Service by each of its endpoints, here and on another node")
  void reaches() throws Exception {
    WhyReport report = node.ask("client", "web:80");
    assertThat(report.verdict()).isEqualTo(Verdict.REACHES);
    assertThat(report.sentence())
        .isEqualTo(
            "pod default/client (10.244.1.2) reaches web:80 (10.96.0.10:80/tcp), by any of 2"
                + " endpoints");
    assertThat(report.steps())
        .extracting(Step::stage)
        .containsExactly(Stage.SERVICE, Stage.ENDPOINTS);
    assertThat(report.steps().getFirst().kernel()).isEqualTo(node.serviceObjects);
    assertThat(report.steps().getLast().details())
        .containsExactly(
            "10.244.1.3 port 8080 on node-1: used (EndpointSlice default/web-a)",
            "10.244.2.3 port 8080 on node-2: used (EndpointSlice default/web-a)");
    assertThat(stages(report.ways().getFirst()))
        .containsExactly(
            Stage.TRANSLATION,
            Stage.ROUTE,
            Stage.EGRESS_POLICY,
            Stage.INGRESS_POLICY,
            Stage.MTU,
            Stage.DELIVERY,
            Stage.RETURN);
    assertThat(stages(report.ways().getLast()))
        .containsExactly(
            Stage.TRANSLATION,
            Stage.ROUTE,
            Stage.EGRESS_POLICY,
            Stage.INGRESS_POLICY,
            Stage.OVERLAY,
            Stage.MTU,
            Stage.RETURN);
    assertThat(report.ways().getLast().to())
        .isEqualTo("10.244.2.3:8080/tcp (pod default/web-2 on node-2)");
  }

  @ParameterizedTest(name = "{0} -> {1}: {2}")
  @DisplayName("who can be named, and how")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pod/client         | service/default/web:http     | REACHES
          default/client     | svc/web:80/tcp               | REACHES
          10.244.1.2         | 10.96.0.10:80                | REACHES
          host               | web:80                       | REACHES
          outside            | node/node-1:30080            | REACHES
          outside            | host:30080                   | REACHES
          node/node-2        | web:80                       | REACHES
          client             | pod/web-1:8080               | REACHES
          client             | web-1/icmp                   | REACHES
          client             | 198.51.100.7:443             | REACHES
          client             | client:1                     | REACHES
          client             | 10.96.0.10/icmp              | STOPS
          client             | web:81                       | STOPS
          client             | 10.96.0.10:81                | STOPS
          client             | web:80/udp                   | STOPS
          client             | 10.96.7.7:80                 | STOPS
          client             | 10.244.1.77:80               | STOPS
          """)
  void named(String source, String destination, Verdict verdict) throws Exception {
    assertThat(node.ask(source, destination).verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @DisplayName("what cannot be understood is told with the mend")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          clint              | web:80                | Did you mean client?
          client             | wep:80                | Did you mean web?
          client             | shop/web:80           | There is default/web
          client             | web                   | names no port
          client             | fd00::a               | Write it behind a colon, such as [fd00::a]:80
          client             | web:0                 | is no port
          client             | web:80/quic           | It is tcp, udp, sctp or icmp
          client             | node/node-3:80        | Did you mean node-1?
          web                | web:80                | A Service sends nothing
          Client             | web:80                | is nobody
          client             | pod/web-1:http        | Name a number
          client             | [fd00::a]:80          | no addresses of the same family
          """)
  void refused(String source, String destination, String sentence) {
    assertThatThrownBy(() -> node.ask(source, destination))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  @DisplayName("endpoints that are not used are named with the reason, and none is an end")
  void unready() throws Exception {
    slice(
        "[{addresses: [10.244.1.3], nodeName: node-1, conditions: {ready: false}},"
            + " {addresses: [10.244.2.3], nodeName: node-2, conditions: {ready: false, serving:"
            + " false, terminating: true}}]");
    WhyReport report = node.ask("client", "web:80");
    assertThat(report.verdict()).isEqualTo(Verdict.STOPS);
    assertThat(report.sentence())
        .contains("none of the 2 endpoints of Service default/web can be used: not ready")
        .contains("the client is refused at once");
    slice("[]");
    assertThat(node.ask("client", "web:80").sentence())
        .contains("check that its selector matches pods");
  }

  @Test
  @DisplayName("externalTrafficPolicy Local: outside gets this node's endpoints, or nothing")
  void local() throws Exception {
    node.cluster.put(
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.10, type:"
            + " NodePort, externalTrafficPolicy: Local, ports: [{name: http, port: 80, nodePort:"
            + " 30080}]}}");
    WhyReport report = node.ask("outside", "host:30080");
    assertThat(report.ways())
        .extracting(Way::to)
        .containsExactly("10.244.1.3:8080/tcp (pod default/web-1 on node-1)");
    assertThat(report.steps().getLast().details().getLast()).contains("not on this node");
    assertThat(report.ways().getFirst().steps().getLast().sentence())
        .isEqualTo(
            "answers go to 203.0.113.1; node-1 gives them the address 192.0.2.1:30080/tcp that was"
                + " asked");
    slice("[{addresses: [10.244.2.3], nodeName: node-2}]");
    assertThat(node.ask("outside", "host:30080").sentence()).contains("the packet is dropped");
    assertThat(node.ask("host", "host:30080").verdict()).isEqualTo(Verdict.REACHES);
  }

  @Test
  @DisplayName("policies are judged with the endpoint's address, and the deciding rule is named")
  void policies() throws Exception {
    policy(
        "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 9}]},"
            + " {from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: 8080}]}]}");
    WhyReport report = node.ask("client", "web:80");
    assertThat(report.ways().getFirst().steps())
        .extracting(Step::sentence)
        .contains("NetworkPolicy default/p allows it: spec.ingress[1]");
    policy("{podSelector: {matchLabels: {app: web}}, ingress: []}");
    report = node.ask("client", "web:80");
    assertThat(report.verdict()).isEqualTo(Verdict.STOPS);
    assertThat(report.sentence())
        .endsWith(
            "NetworkPolicy default/p selects pod default/web-1 for ingress, and no rule allows it");
    assertThat(stages(report.ways().getFirst()).getLast()).isEqualTo(Stage.INGRESS_POLICY);
    assertThat(node.ask("host", "pod/web-1:8080").verdict())
        .as("its own node")
        .isEqualTo(Verdict.REACHES);
    assertThat(node.ask("host", "pod/web-2:8080").verdict())
        .as("another node")
        .isEqualTo(Verdict.STOPS);
    node.policies = false;
    assertThat(node.ask("client", "web:80").verdict()).isEqualTo(Verdict.REACHES);
  }

  @Test
  @DisplayName("a policy that denies some endpoints makes it a matter of luck")
  void partly() throws Exception {
    policy(
        "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to: [{ipBlock:"
            + " {cidr: 10.244.1.0/24}}]}]}");
    WhyReport report = node.ask("client", "web:80");
    assertThat(report.verdict()).isEqualTo(Verdict.PARTLY);
    assertThat(report.sentence()).contains("reaches only 1 of 2 endpoints");
  }

  @Test
  @DisplayName("clients of a node port are seen as the node, which policies elsewhere judge")
  void masqueraded() throws Exception {
    policy(
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr:"
            + " 203.0.113.0/24}}]}]}");
    WhyReport report = node.ask("outside", "host:30080");
    assertThat(report.ways().getFirst().end()).as("judged before, on this node").isNull();
    assertThat(report.ways().getLast().end())
        .as("node-2 sees 192.0.2.1")
        .extracting(Step::stage)
        .isEqualTo(Stage.INGRESS_POLICY);
    assertThat(report.ways().getFirst().steps().getLast().sentence())
        .startsWith(
            "the source becomes 192.0.2.1 of node-1, since externalTrafficPolicy is Cluster");
  }

  @Test
  @DisplayName("a missing route, neighbour or tunnel endpoint is where it ends")
  void overlay() throws Exception {
    node.tunnelEndpoints.clear();
    assertThat(node.ask("client", "pod/web-2:80").sentence())
        .endsWith("fairlead-vxlan does not know which node has the VTEP 02:00:00:00:00:02");
    node.neighbours.clear();
    assertThat(node.ask("client", "pod/web-2:80").sentence())
        .endsWith("fairlead-vxlan does not know the MAC address of node-2's VTEP 10.244.2.0");
    node.routes.remove(Cidr.parse("10.244.2.0/24"));
    WhyReport report = node.ask("client", "pod/web-2:80");
    assertThat(report.sentence())
        .endsWith(
            "the route to the pods of node-2 10.244.2.0/24 is missing: the kernel sends the packet"
                + " by eth0, as if it were no pod's");
    assertThat(report.ways().getFirst().end())
        .satisfies(end ->
            assertThat(end.kernel())
                .extracting(KernelObject::state)
                .containsExactly(KernelObject.State.PRESENT, KernelObject.State.MISSING));
    node.overlay = OverlayMode.NONE;
    assertThat(node.ask("client", "pod/web-2:80").verdict())
        .as("somebody else sees to it")
        .isEqualTo(Verdict.REACHES);
    node.routes.clear();
    assertThat(node.ask("client", "pod/web-2:80").sentence()).contains("no route leads there");
  }

  @Test
  @DisplayName("a tunnel that takes more than the underlay does is a black hole")
  void mtu() throws Exception {
    node.link(4, "eth0", 1400, 0x10001, 0, new LinkKind.Other("ether"));
    WhyReport report = node.ask("client", "pod/web-2:80");
    assertThat(report.verdict()).isEqualTo(Verdict.DOUBTFUL);
    assertThat(report.sentence())
        .contains("packets of more than 1350 bytes are lost: fairlead-vxlan 1450, eth0 less 50");
    node.link(3, "fairlead-vxlan", 1350, 0x10001, 0, new LinkKind.Vxlan(1, 2, null, 4, false));
    assertThat(node.ask("client", "pod/web-2:80").sentence())
        .contains("the sender's link takes packets of 1450 bytes, and the way only 1350");
  }

  @Test
  @DisplayName("what the kernel lacks of a Service makes the way doubtful, and is shown")
  void drift() throws Exception {
    node.serviceObjects =
        List.of(KernelObject.missing("map inet fairlead service-ipv4", "10.96.0.10 . tcp . 80"));
    WhyReport report = node.ask("client", "web:80");
    assertThat(report.verdict()).isEqualTo(Verdict.DOUBTFUL);
    assertThat(report.sentence()).contains("see `fairlead verify`");
  }

  @Test
  @DisplayName("a pod's interface that is down, gone or off the bridge, and a pod that waits")
  void delivery() throws Exception {
    node.link(6, "veth-web-1", 1450, 0, 2, new LinkKind.Veth());
    assertThat(node.ask("client", "pod/web-1:80").sentence()).endsWith("is down");
    node.link(6, "veth-web-1", 1450, 0x10001, 0, new LinkKind.Veth());
    assertThat(node.ask("client", "pod/web-1:80").sentence()).endsWith("is no port of fairlead0");
    node.links.remove("veth-web-1");
    assertThat(node.ask("client", "pod/web-1:80").sentence()).contains("is gone");
    node.pods.set(
        0,
        new LocalPod(
            node.pods.getFirst().key(),
            node.pods.getFirst().addresses(),
            "veth-client",
            "waiting"));
    assertThat(node.ask("client", "pod/web-2:80").sentence()).contains("is not let in yet");
  }

  @Test
  @DisplayName("a packet of another node is followed by what is known, and that is said")
  void otherNode() throws Exception {
    WhyReport report = node.ask("web-2", "web:80");
    assertThat(report.verdict()).isEqualTo(Verdict.REACHES);
    assertThat(report.notes()).singleElement().asString().contains("run this on node-2");
    assertThat(report.steps().getFirst().kernel()).isEmpty();
    assertThat(stages(report.ways().getLast()))
        .containsExactly(
            Stage.TRANSLATION, Stage.EGRESS_POLICY, Stage.INGRESS_POLICY, Stage.RETURN);
    assertThat(report.ways().getLast().steps().getLast().sentence())
        .contains("since the client is sent to itself");
  }
}
