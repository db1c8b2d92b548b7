package io.fairlead.agent.subsystem.pod;

import static io.fairlead.agent.subsystem.pod.LeasePortsTest.lease;
import static io.fairlead.agent.subsystem.pod.LeasePortsTest.port;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.Eventually;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.nftables.hostport.HostPortSettings;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Host ports as the CNI service asks for them, in a real kernel's table. */
class HostPortRulesKernelTest {

  private static final Lease WEB =
      lease("web", List.of("10.244.1.2", "fd00::2"), port(Protocol.TCP, null, 8080, 80));
  private static final Lease RIVAL =
      lease("rival", List.of("10.244.1.3"), port(Protocol.TCP, "192.0.2.1", 8080, 80));

  private final OpenDescriptors before = OpenDescriptors.now();
  private TestNamespace node;
  private HostPortRules rules;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    rules = start();
    rules.restore(List.of());
  }

  private HostPortRules start() throws Exception {
    return node.call(() -> HostPortRules.open(new HostPortSettings("fairlead0", true)));
  }

  @AfterEach
  void close() {
    rules.close();
    node.close();
    before.assertNoneAdded();
  }

  private String table() {
    return node.run("nft", "list", "table", "inet", "fairlead-host-ports");
  }

  @Test
  @DisplayName("A port that is taken is error 104, which names the pod (pod-network 37)")
  void taken() throws Exception {
    rules.prepare(WEB);
    assertThatThrownBy(() -> rules.prepare(RIVAL))
        .isInstanceOfSatisfying(
            CniException.class, e -> assertThat(e.code()).isEqualTo(CniErrorCode.HOST_PORT_TAKEN))
        .hasMessageContaining("8080/tcp of 192.0.2.1")
        .hasMessageContaining("default/web (container web)");

    rules.leave(WEB.key());
    rules.prepare(RIVAL);
    rules.forget(WEB.key());
    assertThat(rules.size()).isEqualTo(1);
    assertThat(table()).contains("10.244.1.3 . 80").doesNotContain("10.244.1.2");
  }

  @Test
  @DisplayName(
      "A flush of all rules is repaired by its event, without any request (pod-network 39)")
  void flushed() throws Exception {
    rules.prepare(WEB);
    String whole = table();
    node.run("nft", "flush", "ruleset");
    await(whole);
    node.run("nft", "flush", "chain", "inet", "fairlead-host-ports", "host-ports");
    await(whole);
    node.run(
        "nft", "delete", "element", "inet", "fairlead-host-ports", "port-ipv4", "{ tcp . 8080 }");
    await(whole);
  }

  private void await(String wanted) throws Exception {
    for (int i = 0; i < 200; i++) {
      TestNamespace.Output now = node.tryRun("nft", "list", "table", "inet", "fairlead-host-ports");
      if (now.out().equals(wanted)) {
        return;
      }
      Thread.sleep(25);
    }
    assertThat(table()).isEqualTo(wanted);
  }

  @Test
  @DisplayName("An agent that starts again finds what it left and changes nothing (faults 3)")
  void restarted() throws Exception {
    rules.prepare(WEB);
    String generation = generation();
    rules.close();
    rules = start();
    rules.restore(List.of(WEB));
    assertThat(generation()).isEqualTo(generation);
    assertThat(rules.size()).isEqualTo(1);
    rules.restore(List.of());
    assertThat(table()).doesNotContain("10.244.1.2");
  }

  private String generation() throws Exception {
    return node.call(() -> {
      try (NfTablesSocket kernel = NfTablesSocket.open()) {
        return Long.toString(kernel.generation());
      }
    });
  }

  @Test
  @DisplayName("Pods in parallel get all of their ports, and leave nothing behind")
  void parallel() throws Exception {
    String empty = table();
    List<Lease> leases =
        IntStream.range(0, 64)
            .mapToObj(i ->
                lease(
                    "c" + i,
                    List.of("10.244.1." + (i + 2)),
                    port(Protocol.UDP, null, 20_000 + i, 53),
                    port(Protocol.SCTP, "0.0.0.0", 20_000 + i, 80)))
            .toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> tasks =
          leases.stream()
              .<Future<?>>map(lease ->
                  threads.submit(() -> {
                    rules.prepare(lease);
                    return true;
                  }))
              .toList();
      for (Future<?> task : tasks) {
        task.get();
      }
    }
    assertThat(rules.size()).isEqualTo(128);
    assertThat(table()).contains("udp . 20063", "sctp . 20063");
    leases.forEach(lease -> rules.leave(lease.key()));
    Eventually.holds("the kernel is told", () -> table().equals(empty));
  }
}
