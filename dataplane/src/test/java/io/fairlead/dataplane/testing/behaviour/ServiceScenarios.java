package io.fairlead.dataplane.testing.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What happens to packets while Services and their endpoints come, change and go. */
abstract class ServiceScenarios extends NodeScenarios {

  @Test
  @DisplayName("New connections follow an endpoint that is replaced")
  void replacedEndpoint() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.REMOTE);
    commit(service);
    forEachFamilyAndProtocol((family, protocol) -> {
      for (Path path : Path.values()) {
        assertThat(servers(4, Host.LOCAL_CLIENT, service, path, family, protocol))
            .containsExactly(Host.REMOTE_SERVER);
      }
    });
    commit(service.with(EndpointMix.ITSELF));
    forEachFamilyAndProtocol((family, protocol) -> {
      for (Path path : Path.values()) {
        assertThat(servers(4, Host.LOCAL_CLIENT, service, path, family, protocol))
            .containsExactly(Host.LOCAL_BOTH);
      }
    });
  }

  @Test
  @DisplayName("Scaled to zero, a Service refuses by every path, and serves again (services 23)")
  void scaledToZero() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.BOTH);
    commit(service);
    commit(service.with(EndpointMix.NONE));
    forEachFamilyAndProtocol((family, protocol) -> {
      for (Path path : Path.values()) {
        assertThat(ask(Host.LOCAL_CLIENT, service, path, family, protocol))
            .isEqualTo(Observation.REFUSED);
        assertThat(ask(Host.OUTSIDE, service, path, family, protocol))
            .isEqualTo(Observation.REFUSED);
      }
    });
    commit(service.with(EndpointMix.REMOTE));
    forEachFamilyAndProtocol((family, protocol) -> {
      for (Path path : Path.values()) {
        assertThat(server(ask(Host.OUTSIDE, service, path, family, protocol)))
            .isEqualTo(Host.REMOTE_SERVER);
      }
    });
  }

  @Test
  @DisplayName("With affinity a client stays, and leaves an endpoint that is gone (services 52)")
  void affinityToARemovedEndpoint() throws Exception {
    start(Situation.USUAL);
    forEachFamilyAndProtocol((family, protocol) -> {
      Variant service = new Variant(number(), EndpointMix.BOTH).withAffinity(300);
      commit(service);
      Host first = onlyServer(service, family, protocol);
      commit(service.with(first.isLocalPod() ? EndpointMix.REMOTE : EndpointMix.LOCAL));
      Host second = onlyServer(service, family, protocol);
      assertThat(second).isNotEqualTo(first);
      commit(service);
      assertThat(onlyServer(service, family, protocol)).isEqualTo(second);
    });
  }

  /** Who answers one connection after the other, always the same. */
  private Host onlyServer(Variant service, AddressFamily family, Protocol protocol)
      throws Exception {
    Set<Host> servers = EnumSet.noneOf(Host.class);
    for (int i = 0; i < 12; i++) {
      servers.add(server(ask(Host.LOCAL_CLIENT, service, Path.CLUSTER_IP, family, protocol)));
    }
    assertThat(servers).as("%s, %s, %s", service, family, protocol).hasSize(1);
    return servers.iterator().next();
  }

  @Test
  @DisplayName(
      "Affinity is switched on, prolonged, cut short and off on a live Service (services 51)")
  void affinityToggled() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.LOCAL);
    commit(service);
    assertSpread(service);
    commit(service.withAffinity(300));
    onlyServer(service, AddressFamily.IPV4, Protocol.TCP);
    commit(service.withAffinity(600));
    onlyServer(service, AddressFamily.IPV4, Protocol.TCP);
    commit(service.withAffinity(1));
    if (forgetsClients()) {
      assertForgets(service);
    }
    commit(service);
    assertSpread(service);
  }

  private void assertSpread(Variant service) throws Exception {
    // One of two endpoints is left out with a probability of 2^-59.
    assertThat(
            servers(
                60, Host.LOCAL_CLIENT, service, Path.CLUSTER_IP, AddressFamily.IPV4, Protocol.TCP))
        .containsExactlyInAnyOrder(Host.LOCAL_SERVER, Host.LOCAL_BOTH);
  }

  private void assertForgets(Variant service) throws Exception {
    Set<Host> servers = EnumSet.noneOf(Host.class);
    for (int i = 0; i < 30 && servers.size() < 2; i++) {
      servers.add(
          server(
              ask(Host.LOCAL_CLIENT, service, Path.CLUSTER_IP, AddressFamily.IPV4, Protocol.TCP)));
      Thread.sleep(1_300);
    }
    assertThat(servers).containsExactlyInAnyOrder(Host.LOCAL_SERVER, Host.LOCAL_BOTH);
  }

  @Test
  @DisplayName("Several load balancer's IPs; one that is removed is left alone (services 31, 32)")
  void balancerIps() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.REMOTE);
    Variant other = new Variant(number(), EndpointMix.REMOTE);
    List<IpAddress> one = service.record().loadBalancerIps();
    List<IpAddress> both = new ArrayList<>(one);
    both.addAll(other.record().loadBalancerIps());
    update(withBalancers(service, both), service.slices());
    commit();
    forEachFamilyAndProtocol((family, protocol) -> {
      for (Variant address : List.of(service, other)) {
        assertThat(server(ask(Host.OUTSIDE, address, Path.LOAD_BALANCER, family, protocol)))
            .isEqualTo(Host.REMOTE_SERVER);
      }
    });
    update(withBalancers(service, one), service.slices());
    commit();
    for (AddressFamily family : AddressFamily.values()) {
      assertThat(server(ask(Host.OUTSIDE, other, Path.LOAD_BALANCER, family, Protocol.TCP)))
          .isEqualTo(Host.UPSTREAM);
      assertThat(server(ask(Host.OUTSIDE, service, Path.LOAD_BALANCER, family, Protocol.TCP)))
          .isEqualTo(Host.REMOTE_SERVER);
    }
  }

  private static ServiceRecord withBalancers(Variant service, List<IpAddress> balancers) {
    return with(service, service.record().clusterIps(), balancers, service.record().ports());
  }

  private static ServiceRecord with(
      Variant service,
      List<IpAddress> clusterIps,
      List<IpAddress> balancers,
      List<ServicePortRecord> ports) {
    ServiceRecord record = service.record();
    return new ServiceRecord(
        record.key(),
        record.created(),
        clusterIps,
        record.externalIps(),
        balancers,
        record.sourceRanges(),
        ports,
        record.internalPolicy(),
        record.externalPolicy(),
        record.affinitySeconds(),
        record.healthCheckNodePort(),
        record.ipvsScheduler());
  }

  @Test
  @DisplayName("An unused port on a cluster IP is refused, an unallocated cluster IP is silent")
  void unusedPortsAndAddresses() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.BOTH);
    Variant unallocated = new Variant(number(), EndpointMix.BOTH);
    commit(service);
    List<Probe> unused = new ArrayList<>();
    List<Probe> silent = new ArrayList<>();
    forEachFamilyAndProtocol((family, protocol) -> {
      IpAddress address = service.address(Path.CLUSTER_IP, family);
      IpAddress nobodys = unallocated.address(Path.CLUSTER_IP, family);
      for (Host client : Matrix.CLIENTS) {
        unused.add(new Probe(client, protocol, address, BehaviourLab.UNUSED_PORT, true));
        silent.add(new Probe(client, protocol, nobodys, BehaviourLab.SERVICE_PORT, false));
      }
    });
    assertThat(probes().run(unused)).containsOnly(Observation.REFUSED);
    assertThat(probes().run(silent)).containsOnly(Observation.SILENT);
  }

  @Test
  @DisplayName("A deleted Service leaves nothing behind, and what others claimed is theirs")
  void deletedService() throws Exception {
    start(Situation.USUAL);
    Variant older = new Variant(number(), EndpointMix.REMOTE);
    Variant younger = new Variant(number(), EndpointMix.ITSELF);
    List<IpAddress> balancers = older.record().loadBalancerIps();
    update(older);
    update(withBalancers(younger, balancers), younger.slices());
    commit();
    forEachFamilyAndProtocol((family, protocol) ->
        assertThat(server(ask(Host.OUTSIDE, older, Path.LOAD_BALANCER, family, protocol)))
            .isEqualTo(Host.REMOTE_SERVER));
    delete(older.key());
    commit();
    forEachFamilyAndProtocol((family, protocol) -> {
      assertThat(server(ask(Host.OUTSIDE, older, Path.LOAD_BALANCER, family, protocol)))
          .isEqualTo(Host.LOCAL_BOTH);
      assertThat(ask(Host.OUTSIDE, older, Path.NODE_PORT, family, protocol))
          .isEqualTo(Observation.REFUSED);
      IpAddress clusterIp = older.address(Path.CLUSTER_IP, family);
      assertThat(askInVain(Host.LOCAL_CLIENT, protocol, clusterIp, BehaviourLab.SERVICE_PORT))
          .isEqualTo(Observation.SILENT);
    });
    assertThat(server(ask(Host.OUTSIDE, older, Path.EXTERNAL_IP, AddressFamily.IPV4, Protocol.TCP)))
        .isEqualTo(Host.UPSTREAM);
  }

  @Test
  @DisplayName("TCP and UDP of one port number go to endpoints of their own (services 12)")
  void protocolsApart() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.ITSELF);
    List<EndpointSliceRecord> slices = new ArrayList<>();
    service.slices().forEach(slice -> slices.add(only(slice, Protocol.TCP)));
    service
        .with(EndpointMix.REMOTE)
        .slices()
        .forEach(slice -> slices.add(only(slice, Protocol.UDP)));
    update(service.record(), slices);
    Variant streams = new Variant(number(), EndpointMix.REMOTE);
    ServiceRecord record = streams.record();
    update(
        with(
            streams,
            record.clusterIps(),
            record.loadBalancerIps(),
            record.ports().stream().filter(port -> port.protocol() == Protocol.TCP).toList()),
        streams.slices());
    commit();
    for (AddressFamily family : AddressFamily.values()) {
      for (Path path : Path.values()) {
        assertThat(server(ask(Host.LOCAL_CLIENT, service, path, family, Protocol.TCP)))
            .isEqualTo(Host.LOCAL_BOTH);
        assertThat(server(ask(Host.LOCAL_CLIENT, service, path, family, Protocol.UDP)))
            .isEqualTo(Host.REMOTE_SERVER);
      }
      assertThat(server(ask(Host.LOCAL_CLIENT, streams, Path.CLUSTER_IP, family, Protocol.TCP)))
          .isEqualTo(Host.REMOTE_SERVER);
      assertThat(ask(Host.LOCAL_CLIENT, streams, Path.CLUSTER_IP, family, Protocol.UDP))
          .isEqualTo(Observation.REFUSED);
    }
  }

  private static EndpointSliceRecord only(EndpointSliceRecord slice, Protocol protocol) {
    return new EndpointSliceRecord(
        slice.key(),
        slice.service(),
        slice.family(),
        slice.ports().stream().filter(port -> port.protocol() == protocol).toList(),
        slice.endpoints());
  }

  @Test
  @DisplayName("A Service of one family is not served in the other (services 13)")
  void oneFamily() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.REMOTE);
    ServiceRecord record = service.record();
    List<IpAddress> v4 =
        record.clusterIps().stream().filter(ip -> ip.family() == AddressFamily.IPV4).toList();
    update(with(service, v4, record.loadBalancerIps(), record.ports()), service.slices());
    commit();
    for (Path path : List.of(Path.EXTERNAL_IP, Path.LOAD_BALANCER)) {
      assertThat(server(ask(Host.OUTSIDE, service, path, AddressFamily.IPV4, Protocol.TCP)))
          .isEqualTo(Host.REMOTE_SERVER);
      assertThat(server(ask(Host.OUTSIDE, service, path, AddressFamily.IPV6, Protocol.TCP)))
          .isEqualTo(Host.UPSTREAM);
    }
    assertThat(ask(Host.OUTSIDE, service, Path.NODE_PORT, AddressFamily.IPV6, Protocol.TCP))
        .isEqualTo(Observation.REFUSED);
  }

  @Test
  @DisplayName("An SCTP port is taken over, next to a TCP and a UDP port of its number")
  void sctp() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.BOTH);
    ServiceRecord record = service.record();
    List<ServicePortRecord> ports = new ArrayList<>(record.ports());
    ports.add(
        new ServicePortRecord(
            "stream", Protocol.SCTP, BehaviourLab.SERVICE_PORT, service.nodePort()));
    update(with(service, record.clusterIps(), record.loadBalancerIps(), ports), service.slices());
    assertThat(commit()).isNotEmpty();
    restart();
    assertThat(commit()).isEmpty();
    forEachFamilyAndProtocol((family, protocol) ->
        assertThat(ask(Host.LOCAL_CLIENT, service, Path.CLUSTER_IP, family, protocol))
            .isInstanceOf(Observation.Answered.class));
  }
}
