package io.fairlead.agent.subsystem.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.metrics.EndpointTraffic;
import io.fairlead.agent.metrics.ServiceTraffic;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.ipvs.FakeIpvs;
import io.fairlead.dataplane.netlink.ipvs.ForwardingMethod;
import io.fairlead.dataplane.netlink.ipvs.IpvsStatistics;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.PortId;
import io.fairlead.ipvs.companion.RefusalCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IpvsTrafficTest {

  private static final ObjectKey WEB = new ObjectKey("default", "web");
  private static final int MARK = 0x46000001;

  private final FakeIpvs kernel = new FakeIpvs();
  private final Map<FrontendAddress, ObjectKey> owners =
      Map.of(
          new VirtualAddress(IpAddress.parse("10.96.0.1"), Protocol.TCP, 80),
          WEB,
          new NodePort(AddressFamily.IPV4, Protocol.TCP, 30080),
          WEB);
  private final Map<VirtualAddress, RefusalCounters.Counts> refusals = new HashMap<>();
  private final IpvsTraffic traffic =
      new IpvsTraffic(
          () -> kernel,
          owners::get,
          mark -> mark == MARK ? new PortId(WEB, "http", Protocol.TCP, AddressFamily.IPV4) : null,
          () -> refusals);

  private static VirtualServerId at(String address, int port) {
    return new VirtualServerId.ByAddress(Protocol.TCP, IpAddress.parse(address), port);
  }

  private static IpvsStatistics counted(long connections) {
    return new IpvsStatistics(connections, 10, 20, 1000, 2000, connections, 1, 2, 100, 200);
  }

  private void serve(VirtualServerId id, long connections, String... endpoints) {
    List<RealServer> real = new ArrayList<>();
    for (String endpoint : endpoints) {
      real.add(new RealServer(IpAddress.parse(endpoint), 8080, ForwardingMethod.MASQUERADE, 1));
    }
    kernel.disturb(new VirtualServer(id, "rr", Set.of(), 0), real.toArray(RealServer[]::new));
    kernel.count(id, counted(connections));
    kernel.count(id, real.getFirst().id(), 3, 4, 0, counted(connections));
  }

  private List<ServiceTraffic.Counters> frontends() throws IOException {
    List<ServiceTraffic.Counters> read = new ArrayList<>();
    traffic.readFrontends(read::add);
    return read;
  }

  private List<EndpointTraffic.Counters> endpoints() throws IOException {
    List<EndpointTraffic.Counters> read = new ArrayList<>();
    traffic.readEndpoints(read::add);
    return read;
  }

  @Test
  @DisplayName("a node port is one frontend, whatever its number of addresses; others' are none")
  void frontendsOfServices() throws IOException {
    serve(at("10.96.0.1", 80), 5, "10.244.1.3", "10.244.1.4");
    serve(at("192.0.2.1", 30080), 1, "10.244.1.3");
    serve(at("192.0.2.2", 30080), 2, "10.244.1.3");
    serve(at("192.0.2.2", 9999), 7, "10.1.1.1");
    serve(new VirtualServerId.ByMark(AddressFamily.IPV4, MARK), 9, "10.244.1.3");
    serve(new VirtualServerId.ByMark(AddressFamily.IPV4, 7), 9, "10.244.1.3");
    assertThat(frontends())
        .containsExactly(
            new ServiceTraffic.Counters(WEB, "10.96.0.1:80/tcp", 5, 30, 3000, 0, 0),
            new ServiceTraffic.Counters(WEB, "inside http/tcp (IPv4)", 9, 30, 3000, 0, 0),
            new ServiceTraffic.Counters(WEB, "node port 30080/tcp (IPv4)", 3, 60, 6000, 0, 0));
  }

  @Test
  @DisplayName("what was refused and dropped is told, also where no virtual server is")
  void refusedAndDropped() throws IOException {
    serve(at("192.0.2.1", 30080), 1, "10.244.1.3");
    IpAddress node = IpAddress.parse("192.0.2.1");
    refusals.put(
        new VirtualAddress(IpAddress.parse("10.96.0.1"), Protocol.TCP, 80),
        new RefusalCounters.Counts(4, 0));
    refusals.put(new VirtualAddress(node, Protocol.TCP, 30080), new RefusalCounters.Counts(0, 5));
    refusals.put(new VirtualAddress(node, Protocol.TCP, 9999), new RefusalCounters.Counts(9, 9));
    assertThat(frontends())
        .containsExactly(
            new ServiceTraffic.Counters(WEB, "10.96.0.1:80/tcp", 0, 0, 0, 4, 0),
            new ServiceTraffic.Counters(WEB, "node port 30080/tcp (IPv4)", 1, 30, 3000, 0, 5));
  }

  @Test
  @DisplayName("an endpoint is told once, with the sums of all ways to it, if it was used")
  void endpointsOfServices() throws IOException {
    serve(at("10.96.0.1", 80), 5, "10.244.1.3", "10.244.1.4");
    serve(at("192.0.2.1", 30080), 1, "10.244.1.3");
    serve(at("192.0.2.2", 9999), 7, "10.1.1.1");
    assertThat(endpoints())
        .containsExactly(
            new EndpointTraffic.Counters(WEB, "10.244.1.3:8080/tcp", 6, 60, 6000, 6, 8, 6, 6, 600));
  }

  @Test
  @DisplayName("a kernel without IPVS is asked again at the next reading (faults 25)")
  void openedWhenNeeded() throws IOException {
    List<IOException> missing = new ArrayList<>(List.of(new IOException("no IPVS")));
    IpvsTraffic late =
        new IpvsTraffic(
            () -> {
              if (!missing.isEmpty()) {
                throw missing.removeFirst();
              }
              return kernel;
            },
            owners::get,
            _ -> null,
            Map::of);
    serve(at("10.96.0.1", 80), 5, "10.244.1.3");
    List<ServiceTraffic.Counters> read = new ArrayList<>();
    assertThatThrownBy(() -> late.readFrontends(read::add)).hasMessage("no IPVS");
    late.readFrontends(read::add);
    assertThat(read).hasSize(1);
  }
}
