package io.fairlead.nftables.hostport;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.FakeConntrack;
import io.fairlead.dataplane.netlink.conntrack.TransportKey;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which flows a change of host ports makes the kernel forget (pod-network 37). */
class StaleDatagramsTest {

  private static final Set<IpAddress> OWN =
      Set.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("10.244.1.1"));

  @ParameterizedTest(name = "{0}: {1} {2}:{3} answered by {4}:{5}, forgotten {6}")
  @CsvSource({
    // The host port 53 on all addresses led to pod 2, and leads to pod 3 now.
    "to the former pod,       17, 192.0.2.1,  53, 10.244.1.2, 80, true",
    "to it by loopback,       17, 127.0.0.1,  53, 10.244.1.2, 80, true",
    "to the node itself,      17, 192.0.2.1,  53, 192.0.2.1,  53, true",
    "to the node's loopback,  17, 127.0.0.1,  53, 127.0.0.1,  53, true",
    "to the present pod,      17, 192.0.2.1,  53, 10.244.1.3, 80, false",
    "by a Service elsewhere,  17, 192.0.2.1,  53, 10.244.2.9, 53, false",
    "through the node,        17, 198.51.100.1, 53, 198.51.100.1, 53, false",
    "to another port,         17, 192.0.2.1,  54, 192.0.2.1,  54, false",
    "to the pod's own port,   17, 10.244.1.2, 80, 10.244.1.2, 80, false",
    "of TCP,                   6, 192.0.2.1,  53, 10.244.1.2, 80, false",
  })
  @DisplayName("Just the flows of a host port that came or went are forgotten (pod-network 37)")
  void matches(
      String name, int protocol, String to, int port, String by, int podPort, boolean forgotten)
      throws Exception {
    PortForward gone = Forwards.of(AddressFamily.IPV4, Protocol.UDP, 53, 2);
    PortForward fresh = Forwards.of(AddressFamily.IPV4, Protocol.UDP, 53, 3);
    FakeConntrack kernel = new FakeConntrack().add(entry(protocol, to, port, by, podPort));

    DatagramCleaner.delete(kernel, new StaleDatagrams(Set.of(gone), Set.of(fresh), OWN));

    assertThat(kernel.count()).as(name).isEqualTo(forgotten ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, true", "10.244.1.1, false"})
  void ofOneAddress(String to, boolean forgotten) throws Exception {
    PortForward fresh = Forwards.at("192.0.2.1", Protocol.UDP, 53, 3);
    FakeConntrack kernel = new FakeConntrack().add(entry(17, to, 53, to, 53));

    DatagramCleaner.delete(kernel, new StaleDatagrams(Set.of(), Set.of(fresh), OWN));

    assertThat(kernel.count()).isEqualTo(forgotten ? 0 : 1);
  }

  private static ConntrackEntry entry(int protocol, String to, int port, String by, int podPort) {
    IpAddress client = IpAddress.parse("192.0.2.2");
    return new ConntrackEntry(
        new ConntrackTuple(
            client, IpAddress.parse(to), protocol, new TransportKey.Ports(40_000, port)),
        new ConntrackTuple(
            IpAddress.parse(by), client, protocol, new TransportKey.Ports(podPort, 40_000)),
        ConntrackZone.DEFAULT,
        0,
        0,
        30,
        7);
  }
}
