package io.fairlead.agent.subsystem.policy.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.subsystem.policy.flow.DeniedFlow.End;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.PodLab;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.nftables.policy.NftablesPolicies;
import io.fairlead.nftables.policy.PolicySettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With packets that the table of policies denies. */
@Timeout(120)
class FlowWatchKernelTest {

  private static final int GROUP = 4712;
  private static final String A = "10.244.1.2";
  private static final String A6 = "fd00:244::2";
  private static final String B = "10.244.1.3";
  private static final String B6 = "fd00:244::3";

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private final Enforcement enforcement = new Enforcement("node-1", false);
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private PodLab lab;
  private NfTablesSocket kernel;
  private DatagramSocket sender;
  private FlowWatch watch;

  @BeforeEach
  void create() throws Exception {
    lab = new PodLab();
    TestNamespace a = lab.host("pod-a", A, A6);
    lab.host("pod-b", B, B6);
    lab.host("pod-c", "10.244.1.4", "fd00:244::4");
    kernel = lab.node().call(NfTablesSocket::open);
    sender = a.call(() -> new DatagramSocket(40000));
    enforcement.namespace("default", NamespaceRecord.unknown("default"));
    pod("a", A, A6);
    pod("b", B, B6);
    policy("deny-all", List.of());
    watch = new FlowWatch(GROUP, enforcement, loop::execute, registry);
    NftablesPolicies policies =
        new NftablesPolicies(
            kernel,
            enforcement,
            new PolicySettings(
                List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244::/64")), GROUP, 100));
    loop.submit(
            () -> {
              policies.update(enforcement.take());
              return policies.commit();
            })
        .get();
    open();
  }

  private void open() throws Exception {
    lab.node()
        .call(() -> {
          watch.open();
          return true;
        });
  }

  @AfterEach
  void close() {
    watch.close();
    loop.close();
    sender.close();
    kernel.close();
    lab.close();
    descriptors.assertNoneAdded();
  }

  private void pod(String name, String... addresses) {
    ObjectKey key = new ObjectKey("default", name);
    List<IpAddress> parsed = Arrays.stream(addresses).map(IpAddress::parse).toList();
    Labels labels = Labels.of(java.util.Map.of("name", name));
    enforcement.pod(key, new PodRecord(key, name, labels, parsed, "node-1", false, List.of(), 1));
    enforcement.attach(new PodAttachment("if-" + name, key, name, parsed));
  }

  private void policy(String name, List<NetworkPolicyRecord.Rule> ingress) {
    ObjectKey key = new ObjectKey("default", name);
    LabelSelector pods = new LabelSelector(List.of(LabelSelector.Requirement.equal("name", "b")));
    enforcement.policy(key, new NetworkPolicyRecord(key, pods, ingress, null));
  }

  private void send(String to) throws IOException {
    sender.send(
        new DatagramPacket(new byte[5], 5, new InetSocketAddress(InetAddress.ofLiteral(to), 53)));
  }

  private DeniedFlow await(long count) {
    while (watch.flows().seen() < count) {
      Thread.onSpinWait();
    }
    return watch.flows().latest().getFirst();
  }

  private double denied(String direction) {
    return registry.scrape(name -> name.startsWith("fairlead_policy_denied_flows")).stream()
        .flatMap(metric -> ((CounterSnapshot) metric).getDataPoints().stream())
        .filter(point -> direction.equals(point.getLabels().get("direction")))
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  @Test
  @DisplayName("a denied packet tells whose it was, and what did not allow it, in both families")
  void denied() throws Exception {
    assertThat(watch.summary()).isEqualTo("none");
    long count = 0;
    for (String to : List.of(B, B6)) {
      send(to);
      DeniedFlow flow = await(++count);
      assertThat(flow.direction()).isEqualTo("ingress");
      assertThat(flow.source()).isEqualTo(new End(to.equals(B) ? A : A6, 40000, "default/a"));
      assertThat(flow.destination()).isEqualTo(new End(to, 53, "default/b"));
      assertThat(flow.protocol()).isEqualTo("udp");
      assertThat(flow.policies()).containsExactly("default/deny-all");
      assertThat(flow.reason()).isEqualTo("no rule of default/deny-all allows it");
    }
    assertThat(denied("ingress")).isEqualTo(2);
    assertThat(denied("egress")).isZero();
    assertThat(watch.summary()).startsWith("2, the last: ingress udp ");
  }

  @Test
  @DisplayName("a pod that is not let in yet is named as the reason (faults 28)")
  void shutIn() throws Exception {
    send("10.244.1.4");
    DeniedFlow flow = await(1);
    assertThat(flow.reason()).isEqualTo("the pod is not let in yet");
    assertThat(flow.destination().pod()).isEmpty();
    assertThat(flow.policies()).isEmpty();
  }

  @Test
  @DisplayName("a policy that has changed meanwhile is not blamed")
  void changed() throws Exception {
    loop.submit(() -> policy("deny-all", List.of(NetworkPolicyRecord.Rule.EVERYTHING))).get();
    send(B);
    assertThat(await(1).reason()).isEqualTo("policies denied it then, and allow it by now");
  }

  @Test
  @DisplayName("another reader of the group is a sentence, until it ends")
  void taken() throws Exception {
    FlowWatch second = new FlowWatch(GROUP, enforcement, loop::execute, new PrometheusRegistry());
    lab.node()
        .call(() -> {
          second.open();
          return true;
        });
    assertThat(second.summary()).startsWith("not reported: another process reads NFLOG group");
    second.close();
    watch.close();
    lab.node()
        .call(() -> {
          second.open();
          return true;
        });
    assertThat(second.summary()).isEqualTo("none");
    second.close();
  }
}
