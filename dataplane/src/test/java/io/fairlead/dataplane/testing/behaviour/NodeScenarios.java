package io.fairlead.dataplane.testing.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What happens to packets while the node and its configuration change. */
abstract class NodeScenarios extends QuestionScenarios {

  /** Addresses that the node gets and loses. */
  private static final List<String> NEW_ADDRESSES = List.of("203.0.113.7", "2001:db8:7::7");

  @Test
  @DisplayName("An address that the node gets serves node ports, until it goes (services 36)")
  void nodeAddresses() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.REMOTE);
    commit(service);
    for (String text : NEW_ADDRESSES) {
      IpAddress address = IpAddress.parse(text);
      for (Protocol protocol : Matrix.PROTOCOLS) {
        assertThat(askInVain(Host.OUTSIDE, protocol, address, service.nodePort()))
            .isNotInstanceOf(Observation.Answered.class);
        addAddress(address);
        assertThat(server(ask(Host.OUTSIDE, protocol, address, service.nodePort())))
            .isEqualTo(Host.REMOTE_SERVER);
        removeAddress(address);
        assertThat(askInVain(Host.OUTSIDE, protocol, address, service.nodePort()))
            .isNotInstanceOf(Observation.Answered.class);
      }
    }
  }

  /** Of use at once: as a source, too. */
  private void addAddress(IpAddress address) throws Exception {
    String command = "ip addr add " + address + " dev lo";
    node()
        .run(
            "sh",
            "-c",
            switch (address.family()) {
              case IPV4 -> command;
              case IPV6 -> command + " nodad";
            });
    addressChanged(backend(), address, true);
  }

  private void removeAddress(IpAddress address) throws Exception {
    node().run("ip", "addr", "del", Cidr.host(address).toString(), "dev", "lo");
    addressChanged(backend(), address, false);
  }

  /**
   * Called after the node got or lost an address: what has to be done or waited for until it has
   * taken effect, where that is not so at once.
   */
  protected void addressChanged(ServiceBackend backend, IpAddress address, boolean isPresent)
      throws Exception {}

  @Test
  @DisplayName("Node port addresses of one family do not restrict the other (services 35)")
  void restrictedNodePorts() throws Exception {
    start(
        new Situation(
            new LocalPods.Networks(BehaviourLab.LOCAL_PODS),
            false,
            List.of(Cidr.parse("192.0.2.0/24"))));
    Variant service = new Variant(number(), EndpointMix.REMOTE);
    commit(service);
    for (Protocol protocol : Matrix.PROTOCOLS) {
      for (IpAddress address : BehaviourLab.nodeAddresses()) {
        boolean serves =
            address.family() == AddressFamily.IPV6
                || address.equals(BehaviourLab.nodeAddress(AddressFamily.IPV4));
        for (Host client : List.of(Host.LOCAL_CLIENT, Host.NODE, Host.OUTSIDE)) {
          Observation seen = ask(client, protocol, address, service.nodePort());
          if (serves) {
            assertThat(server(seen)).isEqualTo(Host.REMOTE_SERVER);
          } else {
            assertThat(seen).isEqualTo(Observation.REFUSED);
          }
        }
      }
    }
  }

  @Test
  @DisplayName("Loopback addresses do not serve node ports (services 37)")
  void loopback() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.BOTH);
    commit(service);
    for (Protocol protocol : Matrix.PROTOCOLS) {
      for (String address : List.of("127.0.0.1", "::1")) {
        assertThat(ask(Host.NODE, protocol, IpAddress.parse(address), service.nodePort()))
            .isEqualTo(Observation.REFUSED);
      }
    }
  }

  @Test
  @DisplayName("The masquerade mark is cleared after its use, other marks stay (services 34)")
  void mark() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.REMOTE);
    commit(service);
    String port = "{ " + BehaviourLab.TCP_PORT + ", " + BehaviourLab.UDP_PORT + " }";
    node()
        .run(
            "nft",
            """
            table inet observer {
              counter seen { }
              counter left { }
              counter lost { }
              chain before {
                type filter hook prerouting priority -150;
                meta mark set meta mark or 1
              }
              chain after {
                type filter hook postrouting priority 200;
                th dport %1$s counter name seen
                th dport %1$s meta mark and %2$s != 0 counter name left
                th dport %1$s meta mark and 1 == 0 counter name lost
              }
            }
            """
                .formatted(port, ServiceSettings.DEFAULT_MASQUERADE_MARK));
    try {
      forEachFamilyAndProtocol((family, protocol) -> {
        for (Path path : Path.values()) {
          ask(Host.OUTSIDE, service, path, family, protocol);
        }
      });
      assertThat(node().run("nft", "list", "counter", "inet", "observer", "seen"))
          .doesNotContain("packets 0 ");
      assertThat(node().run("nft", "list", "counter", "inet", "observer", "left"))
          .contains("packets 0 ");
      assertThat(node().run("nft", "list", "counter", "inet", "observer", "lost"))
          .contains("packets 0 ");
    } finally {
      node().run("nft", "delete", "table", "inet", "observer");
    }
  }

  @Test
  @DisplayName(
      "Where the node is in range, what it sends from the balancer's IP is, too (services 30)")
  void balancerIpOnTheNode() throws Exception {
    start(Situation.USUAL);
    for (TrafficPolicy external : TrafficPolicy.values()) {
      Variant admitted = ranged(external, Sources.NODE);
      Variant other = ranged(external, Sources.OUTSIDE);
      commit(admitted, other);
      for (AddressFamily family : AddressFamily.values()) {
        for (Variant service : List.of(admitted, other)) {
          addAddress(service.address(Path.LOAD_BALANCER, family));
        }
        for (Protocol protocol : Matrix.PROTOCOLS) {
          assertThat(ask(Host.NODE, admitted, Path.LOAD_BALANCER, family, protocol))
              .as("%s, %s, %s", admitted, family, protocol)
              .isInstanceOf(Observation.Answered.class);
          IpAddress balancer = other.address(Path.LOAD_BALANCER, family);
          assertThat(askInVain(Host.NODE, protocol, balancer, BehaviourLab.SERVICE_PORT))
              .isEqualTo(Observation.SILENT);
        }
        for (Variant service : List.of(admitted, other)) {
          removeAddress(service.address(Path.LOAD_BALANCER, family));
        }
      }
    }
  }

  private Variant ranged(TrafficPolicy external, Sources sources) {
    return new Variant(number(), TrafficPolicy.CLUSTER, external, EndpointMix.REMOTE, sources, 0);
  }

  @Test
  @DisplayName("Pods that become known are short-circuited from then on (services 25, 28)")
  void localPodsBecomeKnown() throws Exception {
    start(Situation.of(new LocalPods.Unknown()));
    Variant service =
        new Variant(number(), TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL, EndpointMix.REMOTE);
    commit(service);
    forEachFamilyAndProtocol((family, protocol) ->
        assertThat(
                askInVain(
                    Host.LOCAL_CLIENT,
                    protocol,
                    service.address(Path.LOAD_BALANCER, family),
                    BehaviourLab.SERVICE_PORT))
            .isEqualTo(Observation.SILENT));
    reconfigure(Situation.USUAL);
    commit(service);
    forEachFamilyAndProtocol((family, protocol) ->
        assertThat(server(ask(Host.LOCAL_CLIENT, service, Path.LOAD_BALANCER, family, protocol)))
            .isEqualTo(Host.REMOTE_SERVER));
  }

  @Test
  @DisplayName("A restart over what is right changes nothing (services 41)")
  void restartChangesNothing() throws Exception {
    start(Situation.USUAL);
    Variant[] services = {
      new Variant(number(), EndpointMix.BOTH),
      new Variant(number(), EndpointMix.NONE),
      new Variant(number(), TrafficPolicy.LOCAL, TrafficPolicy.LOCAL, EndpointMix.REMOTE),
      new Variant(number(), EndpointMix.LOCAL).withAffinity(300),
      ranged(TrafficPolicy.LOCAL, Sources.PODS)
    };
    commit(services);
    restart();
    assertThat(commit()).isEmpty();
    assertThat(backend().audit()).isEmpty();
    forEachFamilyAndProtocol((family, protocol) ->
        assertThat(ask(Host.OUTSIDE, services[0], Path.NODE_PORT, family, protocol))
            .isInstanceOf(Observation.Answered.class));
  }

  @Test
  @DisplayName("A backend that is removed leaves packets alone")
  void removed() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.BOTH);
    Variant empty = new Variant(number(), EndpointMix.NONE);
    commit(service, empty);
    backend().remove();
    for (AddressFamily family : AddressFamily.values()) {
      for (Path path : List.of(Path.CLUSTER_IP, Path.LOAD_BALANCER, Path.EXTERNAL_IP)) {
        assertThat(server(ask(Host.OUTSIDE, service, path, family, Protocol.TCP)))
            .isEqualTo(Host.UPSTREAM);
        assertThat(server(ask(Host.NODE, empty, path, family, Protocol.TCP)))
            .isEqualTo(Host.UPSTREAM);
      }
      assertThat(ask(Host.OUTSIDE, service, Path.NODE_PORT, family, Protocol.TCP))
          .isEqualTo(Observation.REFUSED);
    }
  }
}
