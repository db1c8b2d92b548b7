package io.fairlead.dataplane.testing.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.nio.sctp.SctpChannel;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a Service backend must do to packets of SCTP, whichever it is: a subclass per backend. Not
 * part of {@link ServiceBehaviour}, as few kernels have sockets for it.
 */
public abstract class SctpBehaviour extends BackendLab {

  private static final String PORT_NAME = "association";
  private static final Set<Protocol> ALL = EnumSet.allOf(Protocol.class);

  /** So many associations miss one of two endpoints with a probability below 10^-8. */
  private static final int ENOUGH = 30;

  /** Found before the open descriptors are: the JDK keeps a socket from its first use of SCTP. */
  private static final String MISSING = SctpSockets.missing();

  /** Counts the refusals of SCTP packets that arrive, by the packet that is quoted in them. */
  private static final String COUNTER =
      """
      add table inet refusals
      add counter inet refusals refused
      add chain inet refusals seen { type filter hook input priority -400; }
      add rule inet refusals seen icmp type destination-unreachable \
      icmp code port-unreachable @th,136,8 132 counter name refused
      add rule inet refusals seen icmpv6 type destination-unreachable \
      icmpv6 code port-unreachable @th,112,8 132 counter name refused
      """;

  private @Nullable SctpSockets openSockets;

  @BeforeAll
  void serve() throws Exception {
    Assumptions.assumeTrue(MISSING.isEmpty(), MISSING);
    SctpSockets sockets = new SctpSockets();
    openSockets = sockets;
    for (Host host : Host.values()) {
      if (host.isLocalPod() || host.isRemotePod()) {
        sockets.answer(host, lab().namespace(host));
      }
    }
    for (Host client : List.of(Host.LOCAL_CLIENT, Host.OUTSIDE)) {
      lab().namespace(client).run("nft", COUNTER);
    }
  }

  @AfterAll
  @Override
  void closeLab() throws Exception {
    if (openSockets != null) {
      openSockets.close();
    }
    super.closeLab();
  }

  @Test
  @DisplayName(
      "Everybody is answered by every path, asked from whom Services say (services 26, 27)")
  void everyPath() throws Exception {
    start(Situation.USUAL);
    Oracle oracle = new Oracle(Situation.USUAL);
    for (TrafficPolicy external : TrafficPolicy.values()) {
      Variant service = new Variant(number(), TrafficPolicy.CLUSTER, external, EndpointMix.BOTH);
      commit(service, ALL);
      for (AddressFamily family : AddressFamily.values()) {
        for (Path path : Path.values()) {
          for (Host client : Matrix.CLIENTS) {
            Case cell = new Case(service, client, path, family, Protocol.SCTP);
            Expectation expected = oracle.expect(cell);
            Observation seen = askBySctp(client, service, path, family);
            assertThat(seen)
                .as("%s must meet: %s", cell, expected)
                .matches(met -> expected.admits(client, family, met));
          }
        }
      }
    }
  }

  @Test
  @DisplayName("Associations are spread over both endpoints, and follow an endpoint replaced")
  void spread() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.LOCAL);
    commit(service, ALL);
    for (AddressFamily family : AddressFamily.values()) {
      for (Path path : List.of(Path.CLUSTER_IP, Path.NODE_PORT)) {
        assertThat(servers(service, path, family))
            .as("%s, %s", path, family)
            .containsExactlyInAnyOrder(Host.LOCAL_SERVER, Host.LOCAL_BOTH);
      }
    }
    commit(service.with(EndpointMix.REMOTE), ALL);
    for (AddressFamily family : AddressFamily.values()) {
      assertThat(servers(service, Path.CLUSTER_IP, family)).containsExactly(Host.REMOTE_SERVER);
    }
  }

  @Test
  @DisplayName("Without endpoints clients are refused, by ICMP, and served again (services 23)")
  void refusal() throws Exception {
    start(Situation.USUAL);
    Variant service = new Variant(number(), EndpointMix.NONE);
    commit(service, ALL);
    for (AddressFamily family : AddressFamily.values()) {
      for (Path path : Path.values()) {
        assertRefused(Host.LOCAL_CLIENT, service, path, family);
        assertRefused(Host.OUTSIDE, service, path, family);
      }
    }
    commit(service.with(EndpointMix.REMOTE), ALL);
    for (AddressFamily family : AddressFamily.values()) {
      assertThat(server(askBySctp(Host.OUTSIDE, service, Path.NODE_PORT, family)))
          .isEqualTo(Host.REMOTE_SERVER);
    }
  }

  @Test
  @DisplayName("TCP, UDP and SCTP on one port number are different (services 12)")
  void onePortNumber() throws Exception {
    start(Situation.USUAL);
    Variant associations = new Variant(number(), EndpointMix.LOCAL);
    Variant others = new Variant(number(), EndpointMix.LOCAL);
    commit(associations, EnumSet.of(Protocol.SCTP));
    commit(others, EnumSet.of(Protocol.TCP, Protocol.UDP));
    for (AddressFamily family : AddressFamily.values()) {
      for (Path path : List.of(Path.CLUSTER_IP, Path.NODE_PORT)) {
        assertThat(askBySctp(Host.LOCAL_CLIENT, associations, path, family))
            .isInstanceOf(Observation.Answered.class);
        assertRefused(Host.LOCAL_CLIENT, others, path, family);
        for (Protocol protocol : Matrix.PROTOCOLS) {
          assertThat(ask(Host.LOCAL_CLIENT, associations, path, family, protocol))
              .isEqualTo(Observation.REFUSED);
          assertThat(ask(Host.LOCAL_CLIENT, others, path, family, protocol))
              .isInstanceOf(Observation.Answered.class);
        }
      }
    }
  }

  /** The Service has a port of each protocol with one number; its endpoints serve some of them. */
  private void commit(Variant service, Set<Protocol> served) throws Exception {
    ServiceRecord record = service.record();
    ServicePortRecord added =
        new ServicePortRecord(
            PORT_NAME, Protocol.SCTP, BehaviourLab.SERVICE_PORT, service.nodePort());
    update(
        new ServiceRecord(
            record.key(),
            record.created(),
            record.clusterIps(),
            record.externalIps(),
            record.loadBalancerIps(),
            record.sourceRanges(),
            Stream.concat(record.ports().stream(), Stream.of(added)).toList(),
            record.internalPolicy(),
            record.externalPolicy(),
            record.affinitySeconds(),
            record.healthCheckNodePort(),
            record.ipvsScheduler()),
        service.slices().stream().map(slice -> serving(slice, served)).toList());
    commit();
  }

  private static EndpointSliceRecord serving(EndpointSliceRecord slice, Set<Protocol> served) {
    EndpointPort added = new EndpointPort(PORT_NAME, Protocol.SCTP, SctpSockets.PORT);
    return new EndpointSliceRecord(
        slice.key(),
        slice.service(),
        slice.family(),
        Stream.concat(slice.ports().stream(), Stream.of(added))
            .filter(port -> served.contains(port.protocol()))
            .toList(),
        slice.endpoints());
  }

  private SctpSockets sockets() {
    return Objects.requireNonNull(openSockets);
  }

  private Observation askBySctp(Host client, Variant service, Path path, AddressFamily family)
      throws Exception {
    IpAddress address = service.address(path, family);
    return sockets().ask(client, lab().namespace(client), address, service.port(path));
  }

  private Set<Host> servers(Variant service, Path path, AddressFamily family) throws Exception {
    Set<Host> servers = EnumSet.noneOf(Host.class);
    for (int i = 0; i < ENOUGH; i++) {
      servers.add(server(askBySctp(Host.LOCAL_CLIENT, service, path, family)));
    }
    return servers;
  }

  /**
   * The client's machine is told at once that the port is unreachable. The socket is not: SCTP of
   * Linux takes that for a passing trouble and goes on asking until its time is up.
   */
  private void assertRefused(Host client, Variant service, Path path, AddressFamily family)
      throws Exception {
    TestNamespace namespace = lab().namespace(client);
    String before = refusals(namespace);
    IpAddress address = service.address(path, family);
    try (SctpChannel channel = sockets().connect(client, namespace, address, service.port(path))) {
      for (int i = 0; i < 100 && refusals(namespace).equals(before); i++) {
        Thread.sleep(20);
      }
      assertThat(refusals(namespace))
          .as("%s is refused by %s, %s", client, path, family)
          .isNotEqualTo(before);
      assertThat(channel.finishConnect()).isFalse();
    }
  }

  private static String refusals(TestNamespace namespace) {
    return namespace.run("nft", "list", "counter", "inet", "refusals", "refused");
  }
}
