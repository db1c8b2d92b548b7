package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fairlead.agent.Eventually;
import io.fairlead.agent.source.VtepAnnouncement;
import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange.Synced;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Against an API server double that keeps objects, over HTTP on the loopback. */
class KubeSourceTest {

  private final ApiServerDouble server = new ApiServerDouble();
  private final RecordingSink sink = new RecordingSink();
  private KubernetesClient operator;

  @BeforeEach
  void start() {
    server.start(0);
    operator = server.client();
  }

  @AfterEach
  void stop() {
    operator.close();
    server.stop();
  }

  private KubeSource source() {
    return new KubeSource(server.config(), "n1", false, Duration.ofMinutes(5));
  }

  private static EndpointSlice slice(String name, String address) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .addToLabels(Labels.SERVICE_NAME, "web")
        .endMetadata()
        .withAddressType("IPv4")
        .addNewEndpoint()
        .withAddresses(address)
        .endEndpoint()
        .build();
  }

  private static Node node(String name) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withPodCIDR("10.244.1.0/24")
        .endSpec()
        .build();
  }

  @Test
  @DisplayName("what exists, then Synced, then every change; bad objects are reported")
  void lifeOfObjects() {
    operator.resource(ApiServerDouble.service("web", "10.96.0.1")).create();
    operator.resource(ApiServerDouble.service("headless", "None")).create();
    operator.resource(ApiServerDouble.service("bad", "nonsense")).create();
    operator
        .resource(
            new ServiceBuilder(ApiServerDouble.service("other-proxy", "10.96.0.7"))
                .editMetadata()
                .addToLabels(Labels.PROXY_NAME, "x")
                .endMetadata()
                .build())
        .create();
    operator.resource(slice("web-1", "10.244.1.5")).create();
    operator.resource(node("n1")).create();
    try (KubeSource source = source()) {
      source.start(sink);
      Eventually.holds("in sync", sink::synced);

      assertThat(sink.changes.getLast()).isEqualTo(new Synced());
      assertThat(sink.services()).containsOnlyKeys("web");
      assertThat(sink.slices()).containsOnlyKeys("web-1");
      assertThat(sink.nodes()).containsOnlyKeys("n1");
      assertThat(source.skipped())
          .singleElement()
          .satisfies(s -> {
            assertThat(s.name()).isEqualTo("default/bad");
            assertThat(s.reason()).contains("\"nonsense\" is not an IP address");
          });

      operator.resource(ApiServerDouble.service("late", "10.96.0.2")).create();
      Eventually.holds("late is here", () -> sink.services().containsKey("late"));
      operator
          .discovery()
          .v1()
          .endpointSlices()
          .inNamespace("default")
          .withName("web-1")
          .edit(s ->
              new EndpointSliceBuilder(s)
                  .editFirstEndpoint()
                  .withAddresses("10.244.1.6")
                  .endEndpoint()
                  .build());
      Eventually.holds(
          "the slice changed",
          () -> {
            var slice = sink.slices().get("web-1");
            return slice != null
                && slice.endpoints().getFirst().address().toString().equals("10.244.1.6");
          });
      operator.services().inNamespace("default").withName("web").delete();
      Eventually.holds("web is gone", () -> !sink.services().containsKey("web"));
      operator.services().inNamespace("default").withName("bad").delete();
      Eventually.holds("nothing is skipped", () -> source.skipped().isEmpty());
      operator.nodes().withName("n1").delete();
      Eventually.holds("n1 is gone", () -> sink.nodes().isEmpty());
      assertThat(source.status().problem()).isNull();
      assertThat(source.status().synced()).isTrue();
    }
  }

  @Test
  @DisplayName("the VTEP's MAC is annotated on the own Node, and again when it is undone")
  void annotation() {
    operator.resource(node("n1")).create();
    operator.resource(node("n2")).create();
    MacAddress mac = MacAddress.parse("0a:58:0a:f4:01:02");
    try (KubeSource source = source()) {
      source.start(sink);
      source.publishVtep(new VtepAnnouncement(mac, null));
      Eventually.holds(
          "annotated",
          () -> {
            NodeRecord own = sink.nodes().get("n1");
            return own != null && mac.equals(own.vtepMac());
          });

      operator
          .nodes()
          .withName("n1")
          .edit(n ->
              new NodeBuilder(n)
                  .editMetadata()
                  .addToAnnotations(Labels.VTEP_MAC, "garbage")
                  .addToAnnotations("foreign", "stays")
                  .endMetadata()
                  .build());
      Eventually.holds(
          "annotated again",
          () -> {
            Node node = operator.nodes().withName("n1").get();
            return mac.toString().equals(node.getMetadata().getAnnotations().get(Labels.VTEP_MAC))
                && "stays".equals(node.getMetadata().getAnnotations().get("foreign"));
          });
      Eventually.holds("nothing is skipped", () -> source.skipped().isEmpty());
    }
    assertThat(operator.nodes().withName("n2").get().getMetadata().getAnnotations())
        .satisfiesAnyOf(
            a -> assertThat(a).isNull(), a -> assertThat(a).doesNotContainKey(Labels.VTEP_MAC));
  }

  @Test
  @DisplayName(
      "flannel's annotations are published in one patch, and again when they are undone; another"
          + " mode replaces them (pod-network 49)")
  void flannelAnnotations() {
    Node bare = node("n1");
    NodeAddress address = new NodeAddress("192.0.2.1", "InternalIP");
    operator
        .resource(new NodeBuilder(bare).withNewStatus().addToAddresses(address).endStatus().build())
        .create();
    MacAddress mac = MacAddress.parse("0a:58:0a:f4:01:02");
    String prefix = "flannel.alpha.coreos.com/";
    try (KubeSource source = source()) {
      source.start(sink);
      source.publishVtep(
          new VtepAnnouncement(mac, new FlannelNode(FlannelNode.VXLAN, 1, mac, null, true)));
      Eventually.holds("annotated", () -> annotations().size() == 5);
      assertThat(annotations())
          .containsEntry(Labels.VTEP_MAC, mac.toString())
          .containsEntry(prefix + "backend-type", "vxlan")
          .containsEntry(prefix + "backend-data", "{\"VNI\":1,\"VtepMAC\":\"0a:58:0a:f4:01:02\"}")
          .containsEntry(prefix + "public-ip", "192.0.2.1")
          .containsEntry(prefix + "kube-subnet-manager", "true");

      operator
          .nodes()
          .withName("n1")
          .edit(n ->
              new NodeBuilder(n)
                  .editMetadata()
                  .removeFromAnnotations(prefix + "backend-data")
                  .addToAnnotations(prefix + "public-ip", "203.0.113.9")
                  .addToAnnotations("foreign", "stays")
                  .endMetadata()
                  .build());
      Eventually.holds(
          "annotated again",
          () ->
              annotations().size() == 6
                  && "192.0.2.1".equals(annotations().get(prefix + "public-ip")));

      source.publishVtep(
          new VtepAnnouncement(
              mac, new FlannelNode(FlannelNode.HOST_GATEWAY, 0, null, null, true)));
      Eventually.holds(
          "host-gw", () -> "host-gw".equals(annotations().get(prefix + "backend-type")));
      assertThat(annotations())
          .containsEntry(prefix + "backend-data", "null")
          .containsEntry("foreign", "stays");
    }
  }

  private Map<String, String> annotations() {
    Map<String, String> given =
        operator.nodes().withName("n1").get().getMetadata().getAnnotations();
    return given == null ? Map.of() : given;
  }

  @Test
  @DisplayName("a silent watch is replaced, which changes nothing that has not changed (faults 7)")
  void silence() {
    operator.resource(ApiServerDouble.service("web", "10.96.0.1")).create();
    try (KubeSource source = new KubeSource(server.config(), "n1", false, Duration.ofMillis(300))) {
      source.start(sink);
      Eventually.holds("in sync", sink::synced);
      int before = server.requests();
      Eventually.holds("listed again, twice", () -> server.requests() > before + 12);
      assertThat(sink.services()).containsOnlyKeys("web");
      assertThat(sink.changes).filteredOn(c -> !(c instanceof Synced)).hasSize(1);

      operator.resource(ApiServerDouble.service("late", "10.96.0.2")).create();
      Eventually.holds("late is here", () -> sink.services().containsKey("late"));
    }
  }
}
