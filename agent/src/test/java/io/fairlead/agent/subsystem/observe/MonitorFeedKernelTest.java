package io.fairlead.agent.subsystem.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.MonitorReport;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.server.Request;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a table that is named as fairlead's, and changes of ours and of nft. */
@Timeout(120)
class MonitorFeedKernelTest {

  private final ObservedNames cluster = new ObservedNames();
  private final BlockingQueue<MonitorReport> lines = new LinkedBlockingQueue<>();
  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final ReconcileLoop loop =
      new ReconcileLoop(
          TimeUnit.HOURS.toNanos(1), System::nanoTime, new Random(1), (_, _, _) -> {});
  private TestNamespace node;

  @BeforeEach
  void start() throws Exception {
    node = TestNamespace.create("monitor");
    for (NodeRecord each : ObservedNames.view().nodes()) {
      loop.accept(new ObjectChange.NodeChanged(each.name(), each));
    }
    loop.accept(new ObjectChange.Synced());
    loop.start();
  }

  @AfterEach
  void stop() {
    loop.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private AutoCloseable open(String only) throws Exception {
    MonitorFeed feed =
        new MonitorFeed(
            new Observed("node-1", loop, null, null, cluster.claims(), () -> ObservedNames.LEASES));
    Request request = new Request("/monitor", only.isEmpty() ? Map.of() : Map.of("only", only), "");
    return node.call(() -> feed.open(request, line -> lines.add(parse(line))));
  }

  private static MonitorReport parse(String line) {
    try {
      return Json.parse(line, MonitorReport.class);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private MonitorReport await(Predicate<MonitorReport> wanted) throws InterruptedException {
    while (true) {
      MonitorReport line = lines.poll(20, TimeUnit.SECONDS);
      assertThat(line).as("a line that was waited for").isNotNull();
      if (wanted.test(line)) {
        return line;
      }
    }
  }

  private NftablesServices services(NfTablesSocket kernel) {
    return new NftablesServices(
        kernel,
        cluster.claims(),
        new NodeNetwork(List.of(), List.of(), List.of()),
        ServiceSettings.ofPods(List.of()));
  }

  @Test
  @DisplayName("elements are told with the Service's name and who changed them")
  void elements() throws Exception {
    try (NfTablesSocket kernel = node.call(NfTablesSocket::open)) {
      NftablesServices services = services(kernel);
      services.commit();
      try (AutoCloseable monitor = open("nftables")) {
        assertThat(monitor).isNotNull();
        String element = "element of set inet fairlead cluster-ip-ipv4 10.96.0.80";
        node.run("nft", "delete element inet fairlead cluster-ip-ipv4 { 10.96.0.80 }");
        MonitorReport theirs = await(line -> line.object().equals(element));
        assertThat(theirs.operation()).isEqualTo("delete");
        assertThat(theirs.meaning()).isEqualTo("Service default/web");
        assertThat(theirs.by()).matches("process [0-9]+ \\(nft\\)");
        services.distrust();
        services.commit();
        MonitorReport ours = await(line -> line.object().equals(element));
        assertThat(ours.operation()).isEqualTo("add");
        assertThat(ours.meaning()).isEqualTo("Service default/web");
        assertThat(ours.by()).isEqualTo("fairlead");
      }
    }
  }

  @Test
  @DisplayName("routes are told with the node that they lead to, links with their pods")
  void network() throws Exception {
    try (AutoCloseable monitor = open("routes,links")) {
      assertThat(monitor).isNotNull();
      node.run("ip", "link", "add", "veth0", "type", "veth", "peer", "eth0");
      node.run(
          "ip", "link", "set", "veth0", "alias", "fairlead fairlead abc eth0 10.244.1.2 default/a");
      node.run("ip", "link", "set", "veth0", "up");
      assertThat(await(line -> line.source().equals("links")).meaning()).isEqualTo("pod default/a");
      node.run("ip", "route", "add", "10.244.2.0/24", "dev", "veth0", "proto", "102");
      MonitorReport route = await(line -> line.object().startsWith("route 10.244.2.0/24"));
      assertThat(route.object()).contains("dev veth0");
      assertThat(route.meaning()).isEqualTo("pods of node-2");
      assertThat(route.by()).isNotEqualTo("fairlead");
    }
  }

  @Test
  @DisplayName("what there is not is named with the mend")
  void wrong() {
    assertThatThrownBy(() -> open("route"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("Did you mean routes?");
  }
}
