package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The projection of API objects and the reading of manifests. */
class ManifestReaderTest {

  private final ManifestReader reader = new ManifestReader();

  private List<ManifestObject> read(String yaml) throws ManifestException {
    return reader.read("f.yaml", yaml.getBytes(StandardCharsets.UTF_8));
  }

  private ManifestObject one(String yaml) throws ManifestException {
    assertThat(read(yaml)).hasSize(1);
    return read(yaml).getFirst();
  }

  private @Nullable ServiceRecord service(String spec) throws ManifestException {
    ManifestObject object = serviceObject(spec);
    assertThat(object.problems()).isEmpty();
    return record(object);
  }

  private static @Nullable ServiceRecord record(ManifestObject object) {
    return object.change() instanceof ObjectChange.ServiceChanged changed
        ? changed.service()
        : null;
  }

  private ManifestObject serviceObject(String spec) throws ManifestException {
    return one(
        "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: "
            + spec
            + "}");
  }

  @Test
  @DisplayName("a dual-stack Service with three protocols on one port (services 12)")
  void wholeService() throws ManifestException {
    assertThat(
            service(
                """
                {type: NodePort, clusterIP: 10.96.0.10, clusterIPs: [10.96.0.10, "fd00::a"],
                 ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP, targetPort: dns},
                         {name: c, port: 53, protocol: SCTP}]}\
                """))
        .isEqualTo(
            ServiceRecord.ofClusterIps(
                new ObjectKey("shop", "web"),
                List.of(IpAddress.parse("10.96.0.10"), IpAddress.parse("fd00::a")),
                List.of(
                    new ServicePortRecord("a", Protocol.TCP, 53),
                    new ServicePortRecord("b", Protocol.UDP, 53),
                    new ServicePortRecord("c", Protocol.SCTP, 53))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{clusterIP: None, ports: [{port: 80}]}",
        "{clusterIP: None, clusterIPs: [None]}",
        "{clusterIP: \"\", ports: [{port: 80}]}",
        "{ports: [{port: 80}]}",
        "{type: ExternalName, externalName: a.b, clusterIP: 10.96.0.1}",
        "null"
      })
  @DisplayName("headless, unallocated and ExternalName Services are none of ours (services 2)")
  void notOurs(String spec) throws ManifestException {
    assertThat(service(spec)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "service.kubernetes.io/service-proxy-name: other",
        "service.kubernetes.io/headless: \"\""
      })
  @DisplayName("the labels that hand an object to another proxy are honoured (services 2)")
  void otherProxy(String label) throws ManifestException {
    ManifestObject service =
        one(
            "{apiVersion: v1, kind: Service, metadata: {name: w, labels: {"
                + label
                + "}}, spec: {clusterIP: 10.96.0.1}}");
    assertThat(record(service)).isNull();
    assertThat(service.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {clusterIP: 10.96.0.999, ports: [{port: 80}]} | 0 | "10.96.0.999" is not an IP address
          {clusterIPs: [10.96.0.1, bad], ports: [{port: 80}]} | 1 | spec.clusterIPs: "bad" is not
          {clusterIPs: [10.96.0.1, 10.96.0.2], ports: [{port: 80}]} | 1 | second address of one
          {clusterIP: 10.96.0.1, ports: [{name: x}, {port: 80}]} | 1 | spec.ports[0] has no port number
          {clusterIP: 10.96.0.1, ports: [{port: 0}, {port: 80}]} | 1 | spec.ports[0] has the port 0, not 1 to 65535
          {clusterIP: 10.96.0.1, ports: [{port: 65536}, {port: 80}]} | 1 | has the port 65536
          {clusterIP: 10.96.0.1, ports: [{port: 8, protocol: ICMP}, {port: 80}]} | 1 | has the protocol "ICMP"
          {clusterIP: 10.96.0.1, ports: [{port: 80}, {port: 80}]} | 1 | spec.ports[1] repeats TCP 80
          """)
  @DisplayName("a bad part is left out and said; the rest stays (services 7)")
  void badParts(String spec, int portsLeft, String problem) throws ManifestException {
    ManifestObject object = serviceObject(spec);
    assertThat(object.problems()).singleElement().asString().contains(problem);
    ServiceRecord record = record(object);
    assertThat(record == null ? 0 : record.ports().size()).isEqualTo(portsLeft);
  }

  @Test
  @DisplayName("sloppy addresses of old objects become canonical (services 8)")
  void sloppyAddresses() throws ManifestException {
    ServiceRecord record = service("{clusterIP: ' 010.096.000.001', ports: [{port: 80}]}");
    assertThat(record).isNotNull();
    assertThat(record.clusterIps()).containsExactly(IpAddress.parse("10.96.0.1"));
  }

  private ManifestObject slice(String rest) throws ManifestException {
    return one(
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
        """
            + rest);
  }

  private static @Nullable EndpointSliceRecord sliceRecord(ManifestObject object) {
    return object.change() instanceof ObjectChange.EndpointSliceChanged changed
        ? changed.slice()
        : null;
  }

  @Test
  @DisplayName("conditions that are absent have the API's defaults (services 3)")
  void conditions() throws ManifestException {
    ManifestObject object =
        slice(
            """
            addressType: IPv4
            ports: [{port: 8080}, {name: m, port: 9090, protocol: UDP}]
            endpoints:
            - {addresses: [10.244.0.1]}
            - {addresses: [10.244.0.2], conditions: {}, nodeName: n1}
            - {addresses: [10.244.0.3], conditions: {ready: false, serving: true, terminating: true}}
            - {addresses: [10.244.0.4, 10.244.0.5], conditions: {ready: false, serving: false}}
            """);
    assertThat(object.problems()).isEmpty();
    EndpointSliceRecord record = sliceRecord(object);
    assertThat(record).isNotNull();
    assertThat(record.service()).isEqualTo(new ObjectKey("shop", "web"));
    assertThat(record.family()).isEqualTo(AddressFamily.IPV4);
    assertThat(record.ports())
        .containsExactly(
            new EndpointPort("", Protocol.TCP, 8080), new EndpointPort("m", Protocol.UDP, 9090));
    assertThat(record.endpoints())
        .containsExactly(
            new Endpoint(IpAddress.parse("10.244.0.1"), true, true, false, null),
            new Endpoint(IpAddress.parse("10.244.0.2"), true, true, false, "n1"),
            new Endpoint(IpAddress.parse("10.244.0.3"), false, true, true, null),
            new Endpoint(IpAddress.parse("10.244.0.4"), false, false, false, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {addressType: IPv4, ports: [{name: x}], endpoints: []} | ports[0] has no port number
          {addressType: IPv4, endpoints: [{addresses: []}]} | endpoints[0].addresses is empty
          {addressType: IPv4, endpoints: [{addresses: ["fd00::1"]}]} | fd00::1 is not IPv4
          {addressType: IPv4, endpoints: [{addresses: [host]}]} | "host" is not an IP address
          {addressType: IPX} | addressType is IPX
          """)
  @DisplayName("bad ports and addresses are left out and said (services 6, 7)")
  void badSlices(String rest, String problem) throws ManifestException {
    String fields = rest.substring(1, rest.lastIndexOf('}'));
    ManifestObject object =
        one(
            "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, labels:"
                + " {kubernetes.io/service-name: web}}, "
                + fields
                + "}");
    assertThat(object.problems()).singleElement().asString().contains(problem);
    EndpointSliceRecord record = sliceRecord(object);
    assertThat(record == null || record.endpoints().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metadata: {name: s, labels: {kubernetes.io/service-name: web}}\naddressType: FQDN",
        "metadata: {name: s}\naddressType: IPv4",
      })
  @DisplayName("FQDN slices and slices of no service are none of ours (services 6)")
  void slicesNotOurs(String rest) throws ManifestException {
    ManifestObject object =
        one("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n" + rest + "\n");
    assertThat(sliceRecord(object)).isNull();
    assertThat(object.problems()).isEmpty();
  }

  @Test
  @DisplayName("a Node: InternalIPs, podCIDRs of both families, the VTEP's MAC")
  void node() throws ManifestException {
    ManifestObject object =
        one(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: n1, annotations: {fairlead.io/vtep-mac: "0a:58:0a:f4:01:02"}}
            spec: {podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24, "fd00:1::/64"]}
            status:
              addresses:
              - {type: Hostname, address: n1}
              - {type: InternalIP, address: 192.168.0.1}
              - {type: InternalIP, address: "fd01::1"}
            """);
    assertThat(object.change())
        .isEqualTo(
            new ObjectChange.NodeChanged(
                "n1",
                new NodeRecord(
                    "n1",
                    List.of(IpAddress.parse("192.168.0.1"), IpAddress.parse("fd01::1")),
                    List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:1::/64")),
                    MacAddress.parse("0a:58:0a:f4:01:02"))));
    assertThat(object.problems()).isEmpty();
  }

  @Test
  @DisplayName("a corrupt annotation, address or CIDR of a Node is said (pod-network 26, 54)")
  void corruptNode() throws ManifestException {
    ManifestObject object =
        one(
            """
            apiVersion: v1
            kind: Node
            metadata: {name: n1, annotations: {fairlead.io/vtep-mac: "zz"}}
            spec: {podCIDRs: [nonsense, 10.244.1.0/24]}
            status: {addresses: [{type: InternalIP, address: nowhere}]}
            """);
    assertThat(object.problems()).hasSize(3);
    assertThat(object.change())
        .isEqualTo(
            new ObjectChange.NodeChanged(
                "n1", new NodeRecord("n1", List.of(), List.of(Cidr.parse("10.244.1.0/24")), null)));
  }

  @Test
  @DisplayName("several documents, Lists and foreign kinds; each with its line")
  void documents() throws ManifestException {
    List<ManifestObject> objects =
        read(
            """
            # comment
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: d}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: a}
            spec: {clusterIP: 10.96.0.1}
            ---
            ---
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {clusterIP: 10.96.0.2}}
            - {apiVersion: v1, kind: Node, metadata: {name: c}}
            """);
    assertThat(objects)
        .extracting(o -> o.place() + " " + o.id().kind() + " " + o.id().key())
        .containsExactly(
            "f.yaml:6 Service default/a", "f.yaml:12 Service default/b", "f.yaml:12 Node c");
  }

  @Test
  @DisplayName("JSON files are read too, with their tabs")
  void json() throws ManifestException {
    assertThat(
            reader.read(
                "f.json",
                "{\n\t\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"n\"}}"
                    .getBytes(StandardCharsets.UTF_8)))
        .hasSize(1);
  }

  @Test
  @DisplayName("a field of the wrong type leaves out that object alone, and is named")
  void wrongType() throws ManifestException {
    List<ManifestObject> objects =
        read(
            """
            {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: http}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {clusterIP: 10.96.0.2}}
            """);
    assertThat(objects.getFirst().change()).isNull();
    assertThat(objects.getFirst().problems())
        .singleElement()
        .asString()
        .startsWith("spec.ports[0].port: ");
    assertThat(objects.getLast().change()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "127.0.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "ff02::1"
      })
  @DisplayName("addresses of this host or of many are no Service's, and no endpoint's (services 7)")
  void specialAddresses(String address) throws ManifestException {
    List<ManifestObject> objects =
        read(
            """
            {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: "%s"}}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: a-1, labels: {kubernetes.io/service-name: a}}
            addressType: %s
            endpoints: [{addresses: ["%s"]}]
            """
                .formatted(address, address.indexOf(':') < 0 ? "IPv4" : "IPv6", address));
    assertThat(objects)
        .allSatisfy(object ->
            assertThat(object.problems())
                .singleElement()
                .asString()
                .endsWith(address + " is not the address of one host or Service"));
    assertThat(objects.getFirst().change())
        .isEqualTo(new ServiceChanged(new ObjectKey("default", "a"), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {apiVersion: v1, kind: Service, metadata: {name: a} | f.yaml:1:.* is not well-formed: .*Correct it
          words only | f.yaml:1 is not a Kubernetes object.*
          {metadata: {name: a}} | f.yaml:1 lacks apiVersion or kind.*
          {apiVersion: v1, kind: Service} | f.yaml:1 is a Service without metadata.name.*
          """)
  @DisplayName("a file that is not well-formed is refused as a whole, with its line")
  void malformed(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ManifestException.class)
        .satisfies(e -> assertThat(e.getMessage()).matches("(?s)" + message));
  }
}
