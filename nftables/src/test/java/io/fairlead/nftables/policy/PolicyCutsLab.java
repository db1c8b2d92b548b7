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
import io.fairlead.dataplane.policy.conntrack.ConnectionCuts;
import io.fairlead.dataplane.policy.conntrack.CutAnswers;
import io.fairlead.dataplane.policy.conntrack.CutReport;
import io.fairlead.dataplane.policy.conntrack.LocalFlows;
import io.fairlead.dataplane.policy.conntrack.NotEnforcedException;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two pods and a host outside, the table of policies, and what enforces them. */
abstract class PolicyCutsLab {

  static final String A = "10.244.1.2";
  static final String A6 = "fd00:244::2";
  static final String B = "10.244.1.3";
  static final String B6 = "fd00:244::3";
  static final String OUTSIDE = "10.9.0.1";
  static final String OUTSIDE6 = "fd00:9::1";
  static final ObjectKey POLICY = new ObjectKey("default", "b-allows");

  static final String SERVICE =
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

  final OpenDescriptors descriptors = OpenDescriptors.now();

  /** One for each pass that found no policies in the kernel. */
  final Semaphore postponed = new Semaphore(0);

  final BlockingQueue<CutReport> reports = new LinkedBlockingQueue<>();
  final List<Conversation> open = new ArrayList<>();
  final ExecutorService loop = Executors.newSingleThreadExecutor();
  final Enforcement enforcement = new Enforcement("node-1", false);
  PodLab lab;
  TestNamespace a;
  TestNamespace b;
  TestNamespace outside;
  NfTablesSocket kernel;
  NftablesPolicies policies;
  ConntrackSocket conntrack;
  ConnectionCuts cuts;

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
            if (!(cause instanceof NotEnforcedException)) {
              throw new AssertionError(cause);
            }
            postponed.release();
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

  CutAnswers answers() {
    return new CutAnswers() {
      @Override
      public void refuse(Collection<ConntrackTuple> answers) throws IOException {
        if (!onLoop(() -> policies.refuse(answers))) {
          throw new NotEnforcedException();
        }
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

  <T> T onLoop(Callable<T> work) throws IOException {
    try {
      return loop.submit(work).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException(e);
    }
  }

  void pod(String name, String uid, String role, String... addresses) {
    ObjectKey key = new ObjectKey("default", name);
    List<IpAddress> parsed = Arrays.stream(addresses).map(IpAddress::parse).toList();
    Labels labels = Labels.of(Map.of("role", role));
    enforcement.pod(key, new PodRecord(key, uid, labels, parsed, "node-1", false, List.of(), 1));
    enforcement.attach(new PodAttachment("if-" + name, key, uid, parsed));
  }

  static LabelSelector role(String role) {
    return new LabelSelector(List.of(LabelSelector.Requirement.equal("role", role)));
  }

  static Rule from(Peer peer, int port) {
    return new Rule(
        List.of(peer),
        List.of(Port.Range.of(Protocol.TCP, port), Port.Range.of(Protocol.UDP, port)));
  }

  static Rule fromClients(int port) {
    return from(new Peer.Pods(null, role("client")), port);
  }

  /** Pods "server" let in what these rules allow. */
  void allow(Rule... ingress) {
    enforcement.policy(
        POLICY, new NetworkPolicyRecord(POLICY, role("server"), List.of(ingress), null));
  }

  /** Has what is refused judged again, and waits until it is as many. */
  void assertRefused(int count) throws Exception {
    cuts.allowAgain();
    for (int i = 0; i < 400 && onLoop(policies::refused).size() != count; i++) {
      Thread.sleep(10);
    }
    assertThat(onLoop(policies::refused)).hasSize(count);
  }

  /** Commits, and has connections judged again as the agent does. */
  CutReport commit() throws Exception {
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

  Conversation tcp(TestNamespace client, String to, int port, int serverPort) throws Exception {
    Conversation opened = Conversation.tcp(client, to, port, b, serverPort);
    open.add(opened);
    return opened;
  }

  Conversation udp(TestNamespace client, String to, int port) throws Exception {
    Conversation opened = Conversation.udp(client, to, port, b, port);
    open.add(opened);
    return opened;
  }

  Map<Integer, ConntrackEntry> entries() throws IOException {
    Map<Integer, ConntrackEntry> entries = new HashMap<>();
    conntrack.dump(ConntrackFilter.ALL, entry -> entries.put(entry.id(), entry));
    return entries;
  }

  long denied() throws Exception {
    PolicyCounters counters = loop.submit(policies::counters).get();
    return counters.shutIn()
        + lab.packets("fairlead-policy", "unknown-connection")
        + counters.denied().values().stream().mapToLong(Long::longValue).sum();
  }

  /** The client goes on sending, the table denies it, and the server hears nothing. */
  void assertCut(Conversation conversation) throws Exception {
    long before = denied();
    conversation.clientSays(9);
    while (denied() == before) {
      assertThat(conversation.serverHears(20)).isEqualTo(Conversation.SILENCE);
    }
    assertThat(conversation.serverHears(50)).isEqualTo(Conversation.SILENCE);
  }
}
