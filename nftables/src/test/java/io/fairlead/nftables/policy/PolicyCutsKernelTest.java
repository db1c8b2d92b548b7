package io.fairlead.nftables.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.policy.conntrack.AddressFlush;
import io.fairlead.dataplane.policy.conntrack.CutReport;
import io.fairlead.dataplane.testing.Conversation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With connections between namespaces, the table of policies, and what enforces them. */
@Timeout(120)
class PolicyCutsKernelTest extends PolicyCutsLab {

  @Test
  @DisplayName("what a new policy denies is cut, and nothing else (faults 30, policy 1)")
  void cut() throws Exception {
    List<Conversation> bad =
        List.of(
            tcp(a, B, 5000, 5000),
            tcp(a, B6, 5000, 5000),
            udp(a, B, 5001),
            udp(a, B6, 6001),
            tcp(outside, B, 5002, 5002));
    List<Conversation> good =
        List.of(
            tcp(a, B, 5002, 5002),
            tcp(a, B6, 5002, 5002),
            udp(a, B, 5003),
            udp(a, B6, 6003),
            tcp(a, "10.96.0.10", 80, 8080),
            tcp(a, "fd00:96::10", 80, 8080),
            tcp(lab.node(), B, 5000, 5000));
    Set<Integer> before = entries().keySet();
    allow(fromClients(5002), fromClients(5003), fromClients(6003), fromClients(8080));
    CutReport report = commit();
    assertThat(report.cut()).isEqualTo(bad.size());
    assertThat(report.judged()).isEqualTo(bad.size() + good.size());
    Set<Integer> left = entries().keySet();
    assertThat(left).hasSize(good.size());
    assertThat(before).containsAll(left);
    for (Conversation conversation : bad) {
      assertCut(conversation);
    }
    for (Conversation conversation : good) {
      assertThat(conversation.flows()).isTrue();
    }
    assertThat(entries().keySet()).isEqualTo(left);
  }

  @Test
  @DisplayName("masqueraded clients are judged by who they are (faults 31, policy 6)")
  void masqueraded() throws Exception {
    allow(
        fromClients(8080),
        from(new Peer.Block(Cidr.parse("10.9.0.0/24"), List.of()), 8080),
        from(new Peer.Block(Cidr.parse("fd00:9::/64"), List.of()), 8080));
    commit();
    Conversation outsider = tcp(outside, "10.96.0.10", 80, 8080);
    Conversation outsider6 = tcp(outside, "fd00:96::10", 80, 8080);
    Conversation client = tcp(a, "10.96.0.10", 80, 8080);
    allow(fromClients(8080), from(new Peer.Block(Cidr.parse("10.9.0.0/24"), List.of()), 8080));
    assertThat(commit().cut()).isEqualTo(1);
    assertCut(outsider6);
    assertThat(outsider.flows()).isTrue();
    allow(fromClients(8080));
    assertThat(commit().cut()).isEqualTo(1);
    assertCut(outsider);
    assertThat(client.flows()).isTrue();
  }

  @Test
  @DisplayName("a peer that is another's now is cut off (faults 26, policy 5)")
  void departed() throws Exception {
    allow(fromClients(5000));
    commit();
    Conversation conversation = tcp(a, B, 5000, 5000);
    pod("a", "uid-a", "stranger", A, A6);
    assertThat(commit().cut()).isEqualTo(1);
    assertCut(conversation);
  }

  @Test
  @DisplayName("the next pod with an address inherits no connection (faults 26, policy 5)")
  void reused() throws Exception {
    enforcement.policy(
        POLICY, new NetworkPolicyRecord(POLICY, role("locked"), List.of(), List.of()));
    Conversation toOld = tcp(a, B, 5000, 5000);
    Conversation toOld6 = udp(a, B6, 5001);
    try (AddressFlush flush =
        lab.node()
            .call(() ->
                AddressFlush.open(e -> {
                  throw new AssertionError(e);
                }))) {
      List<IpAddress> addresses = List.of(IpAddress.parse(B), IpAddress.parse(B6));
      flush.begin(
          List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244::/64")),
          enforcement.addresses());
      enforcement.detach("if-b");
      enforcement.pod(new ObjectKey("default", "b"), null);
      commit();
      flush.release(addresses);
      pod("next", "uid-next", "locked", B, B6);
      flush.occupy(addresses);
      assertThat(entries()).isEmpty();
      commit();
      assertCut(toOld);
      assertCut(toOld6);
    }
  }
}
