package io.fairlead.dataplane.service.conntrack;

import static io.fairlead.dataplane.service.conntrack.UdpCluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ForgettingPass;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which flows a change of a Service ends. Endpoint .2 stays in all of these, .3 does not. */
class FlowCleanupTest {

  private static final String VIP = "10.96.0.10";
  private static final String VIP6 = "fd00:96::10";
  private static final String STAYS = "10.244.1.2";
  private static final String GOES = "10.244.1.3";
  private static final String NODE = "192.168.88.11";

  private final UdpCluster cluster = new UdpCluster();
  private final Flows flows = new Flows();

  private static UdpCluster.Described dns() {
    return service("dns", VIP).nodePort();
  }

  @BeforeEach
  void anEarlierCommit() {
    cluster.set(dns().ready(STAYS).ready(GOES)).commit();
  }

  @Test
  @DisplayName("an endpoint that is gone loses its flows, by VIP and node port (services 49)")
  void endpointGone() throws IOException {
    flows
        .udp("stays", VIP, 53, STAYS, 5353)
        .udp("goes", VIP, 53, GOES, 5353)
        .udp("node port stays", NODE, 30053, STAYS, 5353)
        .udp("node port goes", NODE, 30053, GOES, 5353);
    cluster.set(dns().ready(STAYS));
    assertThat(flows.cleanedBy(cluster)).containsExactly("goes", "node port goes");
    assertThat(flows.cleanedBy(cluster)).as("nothing changed since").isEmpty();
  }

  @Test
  @DisplayName("the target port changed (services 49)")
  void targetPortChanged() throws IOException {
    flows.udp("old", VIP, 53, STAYS, 5353).udp("new", VIP, 53, STAYS, 5454);
    cluster.set(dns().port(53, 5454).ready(STAYS).ready(GOES));
    assertThat(flows.cleanedBy(cluster)).containsExactly("old");
  }

  @Test
  @DisplayName("the Service's port changed: the old port's flows end (services 49)")
  void portChanged() throws IOException {
    flows.udp("old", VIP, 53, STAYS, 5353).udp("new", VIP, 54, STAYS, 5353);
    cluster.set(dns().port(54, 5353).ready(STAYS).ready(GOES));
    assertThat(flows.cleanedBy(cluster)).containsExactly("old");
  }

  @Test
  @DisplayName("scaled to zero: all translated flows end (services 49)")
  void scaledToZero() throws IOException {
    flows
        .udp("one", VIP, 53, STAYS, 5353)
        .udp("other", VIP, 53, GOES, 5353)
        .udp("node port", NODE, 30053, STAYS, 5353)
        .untranslated("never translated", VIP, 53);
    cluster.set(dns());
    assertThat(flows.cleanedBy(cluster)).containsExactly("node port", "one", "other");
  }

  @Test
  @DisplayName("from none to one: flows that were never translated begin anew (services 49)")
  void firstEndpoint() throws IOException {
    cluster.set(dns()).commit();
    flows
        .untranslated("to the VIP", VIP, 53)
        .untranslated("to the node port", NODE, 30053)
        .untranslated("another port", NODE, 30054);
    cluster.set(dns().ready(STAYS));
    assertThat(flows.cleanedBy(cluster)).containsExactly("to the VIP", "to the node port");
  }

  @Test
  @DisplayName("a new Service: flows to its address from before it existed (services 49)")
  void newService() throws IOException {
    flows.untranslated("before", "10.96.0.11", 53).untranslated("nobody's", "10.96.0.12", 53);
    cluster.set(service("new", "10.96.0.11").ready(STAYS));
    assertThat(flows.cleanedBy(cluster)).containsExactly("before");
  }

  @Test
  @DisplayName("a Service that is gone, and one address of several (services 49)")
  void frontendGone() throws IOException {
    cluster.set(service("two", "10.96.0.20", VIP6).ready(STAYS).ready("fd00:244::2")).commit();
    flows
        .udp("dns", VIP, 53, STAYS, 5353)
        .udp("v4", "10.96.0.20", 53, STAYS, 5353)
        .udp("v6", VIP6, 53, "fd00:244::2", 5353);
    cluster.set(service("two", VIP6).ready(STAYS).ready("fd00:244::2"));
    assertThat(flows.cleanedBy(cluster)).containsExactly("v4");
    cluster.delete("two");
    assertThat(flows.cleanedBy(cluster)).containsExactly("v6");
  }

  @Test
  @DisplayName("the node port alone is removed; a host's own socket there is spared (services 49)")
  void nodePortGone() throws IOException {
    flows
        .udp("by VIP", VIP, 53, STAYS, 5353)
        .udp("by node port", NODE, 30053, STAYS, 5353)
        .untranslated("a program of the host", NODE, 30053);
    cluster.set(service("dns", VIP).ready(STAYS).ready(GOES));
    assertThat(flows.cleanedBy(cluster)).containsExactly("by node port");
  }

  @Test
  @DisplayName("TCP, SCTP, others' UDP and another host's port of that number stay (services 50)")
  void untouched() throws IOException {
    flows
        .add("tcp", ConntrackTuple.TCP, VIP, 53, GOES, 5353)
        .add("sctp", ConntrackTuple.SCTP, VIP, 53, GOES, 5353)
        .udp("another Service", "10.96.0.99", 53, GOES, 5353)
        .udp("another port", VIP, 54, GOES, 5353)
        .udp("to the endpoint itself", GOES, 5353, GOES, 5353)
        .udp("another node's port", "192.168.88.12", 30053, "192.168.88.12", 30053)
        .udp("goes", VIP, 53, GOES, 5353);
    cluster.set(dns().ready(STAYS));
    assertThat(flows.cleanedBy(cluster)).containsExactly("goes");
  }

  @Test
  @DisplayName("an endpoint that drains keeps its flows until it serves no more (services 50)")
  void draining() throws IOException {
    flows.udp("stays", VIP, 53, STAYS, 5353).udp("drains", VIP, 53, GOES, 5353);
    cluster.set(dns().ready(STAYS).draining(GOES));
    assertThat(flows.cleanedBy(cluster)).isEmpty();
    cluster.set(dns().ready(STAYS).ended(GOES));
    assertThat(flows.cleanedBy(cluster)).containsExactly("drains");
  }

  @Test
  @DisplayName("an endpoint that drained and is simply gone then (services 50)")
  void drainedAndGone() throws IOException {
    flows.udp("drains", VIP, 53, GOES, 5353);
    cluster.set(dns().ready(STAYS).draining(GOES));
    assertThat(flows.cleanedBy(cluster)).isEmpty();
    cluster.set(dns().ready(STAYS));
    assertThat(flows.cleanedBy(cluster)).containsExactly("drains");
  }

  @Test
  @DisplayName("policy Local: flows to other nodes' endpoints go on (services 50)")
  void policyLocal() throws IOException {
    cluster.set(dns().local().ready(STAYS).ready(GOES).remote("10.244.2.2")).commit();
    flows
        .udp("local", NODE, 30053, STAYS, 5353)
        .udp("remote", NODE, 30053, "10.244.2.2", 5353)
        .udp("goes", NODE, 30053, GOES, 5353);
    cluster.set(dns().local().ready(STAYS).remote("10.244.2.2"));
    assertThat(flows.cleanedBy(cluster)).containsExactly("goes");
  }

  @Test
  @DisplayName("an endpoint more ends nothing and asks the kernel for nothing")
  void endpointAdded() {
    cluster.set(dns().ready(STAYS).ready(GOES).ready("10.244.1.4"));
    assertThat(cluster.commit()).isEmpty();
  }

  @Test
  @DisplayName("gone and back before the commit: nothing ends (services 11)")
  void flapping() throws IOException {
    flows.udp("flaps", VIP, 53, GOES, 5353);
    cluster.set(dns().ready(STAYS)).set(dns().ready(STAYS).ready(GOES));
    assertThat(flows.cleanedBy(cluster)).isEmpty();
  }

  @Test
  @DisplayName("changes of commits that failed are looked for after one that did not")
  void failedCommit() throws IOException {
    flows.udp("goes", VIP, 53, GOES, 5353);
    cluster.set(dns().ready(STAYS));
    cluster.set(dns().ready(STAYS).ready("10.244.1.4"));
    assertThat(flows.cleanedBy(cluster)).containsExactly("goes");
  }

  @Test
  @DisplayName("an address that an older Service takes is served by its endpoints alone")
  void takenOver() throws IOException {
    cluster.set(service("young", "10.96.0.30").created(20).ready(STAYS)).commit();
    flows.udp("young's", "10.96.0.30", 53, STAYS, 5353);
    cluster.set(service("old", "10.96.0.30").created(10).ready(GOES));
    assertThat(flows.cleanedBy(cluster)).containsExactly("young's");
    flows.udp("old's", "10.96.0.30", 53, GOES, 5353);
    cluster.delete("old");
    assertThat(flows.cleanedBy(cluster)).containsExactly("old's");
  }

  @Test
  @DisplayName("after a start, flows to endpoints that went meanwhile end (services 49)")
  void start() throws IOException {
    flows.udp("goes", "10.96.0.40", 53, GOES, 5353).udp("stays", "10.96.0.40", 53, STAYS, 5353);
    cluster.set(service("found", "10.96.0.40").ready(STAYS));
    assertThat(flows.cleanedBy(cluster)).containsExactly("goes");
  }

  @Test
  @DisplayName("after a repair, what was not translated in the gap begins anew (faults 18)")
  void repaired() throws IOException {
    cluster.set(service("empty", "10.96.0.60")).commit();
    flows
        .untranslated("datagrams", VIP, 53)
        .untranslated("datagrams to the node port", NODE, 30053)
        .add("an attempt", ConntrackTuple.TCP, VIP, 53, VIP, 53)
        .add("an attempt at the node port", ConntrackTuple.TCP, NODE, 30053, NODE, 30053)
        .add("a connection", ConntrackTuple.TCP, VIP, 53, GOES, 5353)
        .add("to nobody's port", ConntrackTuple.TCP, VIP, 54, VIP, 54)
        .add("without endpoints", ConntrackTuple.TCP, "10.96.0.60", 53, "10.96.0.60", 53)
        .udp("served", VIP, 53, STAYS, 5353);
    assertThat(flows.cleanedByRepair(cluster))
        .containsExactly(
            "an attempt", "an attempt at the node port", "datagrams", "datagrams to the node port");
  }

  @Test
  @DisplayName("a table full of stale flows is read past, a part of it at a time (faults 34)")
  void many() throws IOException {
    int many = ForgettingPass.MOST_AT_ONCE + 10;
    cluster.set(service("busy", "10.96.0.50").port(1, 5353).ready(STAYS).ready(GOES)).commit();
    FakeManyFlows kernel = new FakeManyFlows(many);
    cluster.set(service("busy", "10.96.0.50").port(1, 5353).ready(STAYS));
    assertThat(new FlowCleanup(kernel, Set::of).run(cluster.commit())).isEqualTo(many);
    assertThat(kernel.dumps()).isEqualTo(2);
  }
}
