package io.fairlead.nftables.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.policy.conntrack.CutReport;
import io.fairlead.dataplane.testing.Conversation;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that go on talking when their connection was cut. */
@Timeout(120)
class PolicyPushersKernelTest extends PolicyCutsLab {

  @Test
  @DisplayName("a server that pushes does not begin a denied connection anew (faults 30, policy 1)")
  void pushingServer() throws Exception {
    for (String to : List.of(B, B6)) {
      int port = to.equals(B) ? 5000 : 6000;
      allow(fromClients(port), fromClients(port + 1));
      commit();
      Conversation stream = tcp(a, to, port, port);
      Conversation datagrams = udp(a, to, port + 1);
      int before = onLoop(policies::refused).size();
      try (Pusher first = new Pusher(stream);
          Pusher second = new Pusher(datagrams)) {
        allow();
        assertThat(commit().cut()).isEqualTo(2);
        first.assertSilenced();
        second.assertSilenced();
        assertThat(entries()).isEmpty();
        assertThat(lab.packets("fairlead-policy", "cut")).isPositive();
      }
      assertRefused(before + 1);
      policies.distrust();
      commit();
      assertRefused(before + 1);
      allow(fromClients(port + 1));
      commit();
      assertRefused(before);
      assertThat(datagrams.flows()).as("allowed again").isTrue();
    }
  }

  @Test
  @DisplayName(
      "nor where somebody else removes the policies just when its flow is to be cut (faults 18, 30)")
  void pushingThroughTheGap() throws Exception {
    allow(fromClients(5001));
    commit();
    Conversation datagrams = udp(a, B, 5001);
    try (Pusher pusher = new Pusher(datagrams)) {
      lab.nft("delete table inet fairlead-policy");
      allow();
      onLoop(() -> {
        policies.update(enforcement.take());
        return true;
      });
      cuts.judgeAgain(Set.of(IpAddress.parse(B)));
      assertThat(postponed.tryAcquire(20, TimeUnit.SECONDS)).as("a pass without a table").isTrue();
      assertThat(entries()).hasSize(1);
      policies.distrust();
      onLoop(policies::commit);
      CutReport report = reports.poll(20, TimeUnit.SECONDS);
      assertThat(report).isNotNull();
      assertThat(report.cut()).isEqualTo(1);
      pusher.assertSilenced();
      assertThat(entries()).isEmpty();
    }
  }

  @Test
  @DisplayName("what is refused of a flow does not hinder the flow once it is allowed again")
  void allowedAgain() throws Exception {
    allow(fromClients(5001));
    commit();
    Conversation datagrams = udp(a, B, 5001);
    allow();
    assertThat(commit().cut()).isEqualTo(1);
    assertThat(onLoop(policies::refused)).hasSize(1);
    allow(fromClients(5001));
    commit();
    assertThat(onLoop(policies::refused)).as("nobody has lifted it yet").hasSize(1);
    assertThat(datagrams.flows()).isTrue();
  }

  @Test
  @DisplayName("a server of the node itself does not either, of whatever protocol")
  void pushingNode() throws Exception {
    Conversation stream = Conversation.tcp(a, "10.244.1.1", 5000, lab.node(), 5000);
    Conversation datagrams = Conversation.udp(a, "10.244.1.1", 5001, lab.node(), 5001);
    open.add(stream);
    open.add(datagrams);
    try (Pusher first = new Pusher(stream);
        Pusher second = new Pusher(datagrams)) {
      enforcement.policy(POLICY, new NetworkPolicyRecord(POLICY, role("client"), null, List.of()));
      assertThat(commit().cut()).isEqualTo(2);
      first.assertSilenced();
      second.assertSilenced();
      assertThat(entries()).isEmpty();
    }
  }

  @Test
  @DisplayName("what a server sends on its own to another port is a flow of its own, and allowed")
  void ownFlow() throws Exception {
    Conversation datagrams = udp(a, B, 5001);
    allow();
    assertThat(commit().cut()).isEqualTo(1);
    assertCut(datagrams);
    Conversation other = Conversation.udp(b, A, 7000, a, 7000);
    open.add(other);
    assertThat(other.flows()).isTrue();
    Conversation stream = Conversation.tcp(b, A, 7001, a, 7001);
    open.add(stream);
    assertThat(stream.flows()).isTrue();
  }

  @Test
  @DisplayName("a server that goes on talking does not bring a denied connection back (faults 30)")
  void talkingServer() throws Exception {
    Conversation conversation = tcp(a, B, 5000, 5000);
    Conversation good = tcp(a, B, 5002, 5002);
    allow(fromClients(5002));
    assertThat(commit().cut()).isEqualTo(1);
    for (int i = 0; i < 5; i++) {
      conversation.serverSays(i);
      good.serverSays(i);
      assertThat(good.clientHears(5000)).isEqualTo(i);
    }
    assertThat(conversation.clientHears(500)).isEqualTo(Conversation.SILENCE);
    assertCut(conversation);
    assertThat(entries()).hasSize(1);
  }

  @Test
  @DisplayName("a client that is isolated hears no more of a denied server (faults 30)")
  void talkingServerOfIsolatedClient() throws Exception {
    Conversation conversation = tcp(a, B, 5000, 5000);
    enforcement.policy(POLICY, new NetworkPolicyRecord(POLICY, role("client"), null, List.of()));
    assertThat(commit().cut()).isEqualTo(1);
    conversation.serverSays(1);
    assertThat(conversation.clientHears(500)).isEqualTo(Conversation.SILENCE);
    assertCut(conversation);
    assertThat(entries()).isEmpty();
  }
}
