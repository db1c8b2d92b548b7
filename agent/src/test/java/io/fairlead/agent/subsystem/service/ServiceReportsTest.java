package io.fairlead.agent.subsystem.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.metrics.ServiceTraffic;
import io.fairlead.agent.server.EndpointsReport;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.ServicesReport;
import io.fairlead.agent.server.ServicesReport.Frontend;
import io.fairlead.agent.server.ServicesReport.Port;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.agent.subsystem.service.ServiceSnapshot.Entry;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.EndpointSliceRecord.Hints;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServiceReportsTest {

  private static final ServiceNode NODE = new ServiceNode("node-1", "a", List.of(), true, false);
  private static final ObjectKey WEB = new ObjectKey("default", "web");

  private final AddressClaims claims = new AddressClaims();
  private final List<Entry> entries = new ArrayList<>();

  private void add(
      ObjectKey key, long created, String externalIp, List<EndpointSliceRecord> slices) {
    ServiceRecord service =
        new ServiceRecord(
            key,
            created,
            List.of(IpAddress.parse("10.96.0." + created)),
            List.of(IpAddress.parse(externalIp)),
            List.of(IpAddress.parse("198.51.100." + created)),
            List.of(Cidr.parse("203.0.113.0/24")),
            List.of(new ServicePortRecord("http", Protocol.TCP, 80, (int) (30000 + created))),
            TrafficPolicy.CLUSTER,
            TrafficPolicy.LOCAL,
            600,
            0,
            "wlc");
    ServiceFragment fragment = ServiceFragment.of(service, slices, NODE);
    claims.update(key, fragment);
    entries.add(new Entry(service, slices, fragment));
  }

  private static EndpointSliceRecord slice() {
    return new EndpointSliceRecord(
        new ObjectKey("default", "web-x"),
        WEB,
        AddressFamily.IPV4,
        List.of(new EndpointPort("http", Protocol.TCP, 8080)),
        List.of(
            endpoint("10.244.1.2", true, "node-1"),
            endpoint("10.244.2.2", true, "node-2"),
            endpoint("10.244.2.3", false, null)));
  }

  private static Endpoint endpoint(String address, boolean ready, @Nullable String node) {
    return new Endpoint(
        IpAddress.parse(address),
        ready,
        ready,
        false,
        node,
        ready ? new Hints(List.of(), List.of("a")) : Hints.NONE);
  }

  private ServiceSnapshot snapshot() {
    return new ServiceSnapshot(entries, claims.conflicts(), NODE);
  }

  @Test
  @DisplayName("addresses with their owners and counters, endpoints by reach, what is left out")
  void services() throws Exception {
    add(WEB, 1, "192.0.2.9", List.of(slice()));
    add(new ObjectKey("default", "rival"), 2, "192.0.2.9", List.of());
    ServicesReport report =
        ServiceReports.services(
            snapshot(),
            "nftables",
            List.of(new ServiceTraffic.Counters(WEB, "10.96.0.1:80/tcp", 5, 40, 4000, 1, 2)),
            List.of(
                new SkippedObject("Service", "default/odd", "no such type"),
                new SkippedObject("Service", "default/web", "port 2 is no port")));
    assertThat(ServicesReport.parse(Json.text(report))).isEqualTo(report);
    assertThat(report.node()).isEqualTo("node-1");
    assertThat(report.services())
        .extracting(ServicesReport.Service::name)
        .containsExactly("odd", "rival", "web");
    ServicesReport.Service web = report.services().getLast();
    assertThat(web.skipped()).isEqualTo("port 2 is no port");
    assertThat(web.affinitySeconds()).isEqualTo(600);
    assertThat(web.externalPolicy()).isEqualTo("Local");
    Port port = web.ports().getFirst();
    assertThat(port.used()).isEqualTo(2);
    assertThat(port.usedHere()).isEqualTo(1);
    assertThat(port.known()).isEqualTo(3);
    assertThat(port.frontends())
        .extracting(Frontend::type, Frontend::address, Frontend::reach, Frontend::connections)
        .map(Object::toString)
        .containsExactly(
            "(\"cluster-ip\", \"10.96.0.1:80/tcp\", \"cluster\", 5L)",
            "(\"external-ip\", \"192.0.2.9:80/tcp\", \"local-from-outside\", 0L)",
            "(\"load-balancer\", \"198.51.100.1:80/tcp\", \"local-from-outside\", 0L)",
            "(\"node-port\", \"node port 30001/tcp (IPv4)\", \"local-from-outside\", 0L)");
    assertThat(port.frontends().get(2).sourceRanges()).containsExactly("203.0.113.0/24");
    Frontend lost = report.services().get(1).ports().getFirst().frontends().get(1);
    assertThat(lost.owner()).isEqualTo("default/web");
    assertThat(lost.connections()).as("somebody else's").isEqualTo(-1);
    assertThat(report.services().getFirst().skipped()).isEqualTo("no such type");
  }

  @Test
  @DisplayName("without counters they are not zero but unknown")
  void uncounted() {
    add(WEB, 1, "192.0.2.9", List.of());
    ServicesReport report = ServiceReports.services(snapshot(), "iptables", null, List.of());
    assertThat(report.services().getFirst().ports().getFirst().frontends())
        .allMatch(frontend -> frontend.connections() == -1 && frontend.bytes() == -1);
  }

  @Test
  @DisplayName("endpoints with their node, hints, state and fate")
  void endpoints() throws Exception {
    add(WEB, 1, "192.0.2.9", List.of(slice()));
    EndpointsReport report = ServiceReports.endpoints(snapshot());
    assertThat(EndpointsReport.parse(Json.text(report))).isEqualTo(report);
    assertThat(report.zone()).isEqualTo("a");
    assertThat(report.endpoints())
        .extracting(
            one -> one.address() + " " + one.nodeName() + " " + one.why() + " / " + one.whyHere())
        .containsExactly(
            "10.244.1.2:8080 node-1 used / used",
            "10.244.2.2:8080 node-2 used / not on this node",
            "10.244.2.3:8080  not ready / not ready");
    assertThat(report.endpoints().getFirst().hintedZones()).containsExactly("a");
  }
}
