package io.fairlead.nftables.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.policy.conntrack.AddressFlush;
import io.fairlead.dataplane.policy.conntrack.ConnectionCuts;
import io.fairlead.dataplane.policy.conntrack.CutAnswers;
import io.fairlead.dataplane.policy.conntrack.CutReport;
import io.fairlead.dataplane.policy.conntrack.LocalFlows;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import io.fairlead.dataplane.testing.Conversation;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.PodLab;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With connections between namespaces, the table of policies, and what enforces them. */
@Timeout(120)
class PolicyCutsKernelTest {

  private static final String A = "10.244.1.2";
  private static final String A6 = "fd00:244::2";
  private static final String B = "10.244.1.3";
  private static final String B6 = "fd00:244::3";
  private static final String OUTSIDE = "10.9.0.1";
  private static final String OUTSIDE6 = "fd00:9::1";
  private static final ObjectKey POLICY = new ObjectKey("default", "b-allows");

  private static final String SERVICE =
      """
      table inet service {
        chain services {
          type nat hook prerouting priority -100;
          ip daddr 10.96.0.10 tcp dport 80 dnat ip to 10.244.1.3:8080
          ip6 daddr fd00:96::10 tcp dport 80 dnat ip6 to [fd00:244::3]:8080
        }
        chain masqueraded {
          type nat hook postrouting priority 100;
          ip saddr 10.9.0.1 masquerade
          ip6 saddr fd00:9::1 masquerade
        }
      }
      """;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final BlockingQueue<CutReport> reports = new LinkedBlockingQueue<>();
  private final List<Conversation> open = new ArrayList<>();
  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private final Enforcement enforcement = new Enforcement("node-1", false);
  private PodLab lab;
  private TestNamespace a;
  private TestNamespace b;
  private TestNamespace outside;
  private NfTablesSocket kernel;
  private NftablesPolicies policies;
  private ConntrackSocket conntrack;
  private ConnectionCuts cuts;

  @BeforeEach
  void create() throws Exception {
    lab = new PodLab();
    lab.nft(SERVICE);
    a = lab.host("pod-a", A, A6);
    b = lab.host("pod-b", B, B6);
    outside = lab.host("outside", OUTSIDE, OUTSIDE6);
    kernel = lab.node().call(NfTablesSocket::open);
    conntrack = lab.node().call(ConntrackSocket::open);
    policies =
        new NftablesPolicies(
            kernel,
            enforcement,
            new PolicySettings(
                List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244::/64")), 4711, 100));
    LocalFlows judge = new LocalFlows(enforcement);
    ConnectionCuts.Listener listener =
        new ConnectionCuts.Listener() {
          @Override
          public void passed(CutReport report) {
            reports.add(report);
          }

          @Override
          public void failed(IOException cause) {
            throw new AssertionError(cause);
          }
        };
    cuts =
        lab.node()
            .call(() ->
                ConnectionCuts.open(
                    flows -> loop.submit(() -> judge.denied(flows)), answers(), listener));
    enforcement.namespace("default", NamespaceRecord.unknown("default"));
    pod("a", "uid-a", "client", A, A6);
    pod("b", "uid-b", "server", B, B6);
    commit();
    reports.clear();
  }

  @AfterEach
  void close() throws Exception {
    cuts.close();
    loop.close();
    kernel.close();
    conntrack.close();
    for (Conversation conversation : open) {
      conversation.close();
    }
    lab.close();
    descriptors.assertNoneAdded();
  }

  private CutAnswers answers() {
    return new CutAnswers() {
      @Override
      public void refuse(Collection<ConntrackTuple> answers) throws IOException {
        onLoop(() -> {
          policies.refuse(answers);
          return true;
        });
      }

      @Override
      public Set<ConntrackTuple> refused() throws IOException {
        return onLoop(policies::refused);
      }

      @Override
      public void pass(Collection<ConntrackTuple> answers) throws IOException {
        onLoop(() -> {
          policies.pass(answers);
          return true;
        });
      }
    };
  }

  private <T> T onLoop(Callable<T> work) throws IOException {
    try {
      return loop.submit(work).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException(e);
    }
  }

  private void pod(String name, String uid, String role, String... addresses) {
    ObjectKey key = new ObjectKey("default", name);
    List<IpAddress> parsed = Arrays.stream(addresses).map(IpAddress::parse).toList();
    Labels labels = Labels.of(Map.of("role", role));
    enforcement.pod(key, new PodRecord(key, uid, labels, parsed, "node-1", false, List.of(), 1));
    enforcement.attach(new PodAttachment("if-" + name, key, uid, parsed));
  }

  private static LabelSelector role(String role) {
    return new LabelSelector(List.of(LabelSelector.Requirement.equal("role", role)));
  }

  private static Rule from(Peer peer, int port) {
    return new Rule(
        List.of(peer),
        List.of(Port.Range.of(Protocol.TCP, port), Port.Range.of(Protocol.UDP, port)));
  }

  private static Rule fromClients(int port) {
    return from(new Peer.Pods(null, role("client")), port);
  }

  /** Pods "server" let in what these rules allow. */
  private void allow(Rule... ingress) {
    enforcement.policy(
        POLICY, new NetworkPolicyRecord(POLICY, role("server"), List.of(ingress), null));
  }

  /** Has what is refused judged again, and waits until it is as many. */
  private void assertRefused(int count) throws Exception {
    cuts.allowAgain();
    for (int i = 0; i < 400 && onLoop(policies::refused).size() != count; i++) {
      Thread.sleep(10);
    }
    assertThat(onLoop(policies::refused)).hasSize(count);
  }

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

  /** Commits, and has connections judged again as the agent does. */
  private CutReport commit() throws Exception {
    EnforcementChange change =
        loop.submit(
                () -> {
                  EnforcementChange taken = enforcement.take();
                  policies.update(taken);
                  policies.commit();
                  return taken;
                })
            .get();
    Set<IpAddress> affected = new HashSet<>(change.narrowed());
    affected.addAll(change.departed());
    if (affected.isEmpty()) {
      return new CutReport(0, 0, 0, 0);
    }
    cuts.judgeAgain(affected);
    CutReport report = reports.poll(20, TimeUnit.SECONDS);
    assertThat(report).as("a pass within 20 s").isNotNull();
    return report;
  }

  private Conversation tcp(TestNamespace client, String to, int port, int serverPort)
      throws Exception {
    Conversation opened = Conversation.tcp(client, to, port, b, serverPort);
    open.add(opened);
    return opened;
  }

  private Conversation udp(TestNamespace client, String to, int port) throws Exception {
    Conversation opened = Conversation.udp(client, to, port, b, port);
    open.add(opened);
    return opened;
  }

  private Map<Integer, ConntrackEntry> entries() throws IOException {
    Map<Integer, ConntrackEntry> entries = new HashMap<>();
    conntrack.dump(ConntrackFilter.ALL, entry -> entries.put(entry.id(), entry));
    return entries;
  }

  private long denied() throws Exception {
    PolicyCounters counters = loop.submit(policies::counters).get();
    return counters.shutIn()
        + lab.packets("fairlead-policy", "unknown-connection")
        + counters.denied().values().stream().mapToLong(Long::longValue).sum();
  }

  /** The client goes on sending, the table denies it, and the server hears nothing. */
  private void assertCut(Conversation conversation) throws Exception {
    long before = denied();
    conversation.clientSays(9);
    while (denied() == before) {
      assertThat(conversation.serverHears(20)).isEqualTo(Conversation.SILENCE);
    }
    assertThat(conversation.serverHears(50)).isEqualTo(Conversation.SILENCE);
  }

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
