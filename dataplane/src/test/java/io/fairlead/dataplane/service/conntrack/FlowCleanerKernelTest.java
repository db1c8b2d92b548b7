package io.fairlead.dataplane.service.conntrack;

import static io.fairlead.dataplane.service.conntrack.UdpCluster.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.OpenDescriptors;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** With datagrams of a client whose flow the kernel keeps, whatever the rules say by then. */
class FlowCleanerKernelTest {

  private static final String FIRST = "10.244.1.2";
  private static final String SECOND = "10.244.1.3";
  private static final String FIRST6 = "fd00:244::2";
  private static final String SECOND6 = "fd00:244::3";

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final UdpCluster cluster = new UdpCluster();
  private final BlockingQueue<Integer> deleted = new LinkedBlockingQueue<>();
  private UdpLab lab;
  private FlowCleaner cleaner;

  @BeforeEach
  void open() throws Exception {
    lab = UdpLab.create(List.of(FIRST, SECOND, FIRST6, SECOND6));
    FlowCleaner.Listener listener =
        new FlowCleaner.Listener() {
          @Override
          public void cleaned(int frontends, int count, long nanoseconds) {
            deleted.add(count);
          }

          @Override
          public void failed(IOException cause) {
            throw new AssertionError(cause);
          }
        };
    cleaner =
        lab.node()
            .call(() ->
                FlowCleaner.open(() -> ServiceSettings.ofPods(List.of()), List::of, listener));
  }

  @AfterEach
  void close() throws Exception {
    cleaner.close();
    lab.close();
    descriptors.assertNoneAdded();
  }

  private static UdpCluster.Described dns() {
    return service("dns", UdpLab.VIP, UdpLab.VIP6).nodePort();
  }

  private int clean() throws InterruptedException {
    cleaner.clean(cluster.commit());
    Integer count = deleted.poll(20, TimeUnit.SECONDS);
    assertThat(count).as("a pass within 20 s").isNotNull();
    return count;
  }

  @Test
  @DisplayName("an endpoint is replaced: clients of VIP and node port reach the next (services 49)")
  void replaced() throws Exception {
    cluster.set(dns().ready(SECOND).ready(SECOND6)).commit();
    lab.rules(SECOND, SECOND6);
    for (UdpLab.Client client : lab.clients()) {
      assertThat(lab.ask(client)).as("%s", client).isEqualTo(lab.server(client, SECOND, SECOND6));
    }
    String tcp = lab.openTcp(UdpLab.VIP);
    lab.rules(FIRST, FIRST6);
    for (UdpLab.Client client : lab.clients()) {
      assertThat(lab.ask(client))
          .as("the kernel keeps the flow of %s", client)
          .isEqualTo(lab.server(client, SECOND, SECOND6));
    }
    cluster.set(dns().ready(FIRST).ready(FIRST6));
    assertThat(clean()).isEqualTo(lab.clients().size());
    for (UdpLab.Client client : lab.clients()) {
      assertThat(lab.ask(client)).as("%s", client).isEqualTo(lab.server(client, FIRST, FIRST6));
    }
    assertThat(lab.askTcp()).as("a TCP connection stays where it is").isEqualTo(tcp);
  }

  @Test
  @DisplayName("a client that came before the first endpoint reaches it (services 49)")
  void firstEndpoint() throws Exception {
    cluster.set(dns()).commit();
    UdpLab.Client client = lab.clients().getLast();
    assertThat(client.port()).isEqualTo(UdpLab.NODE_PORT);
    assertThat(lab.ask(client)).isEqualTo("nobody");
    lab.rules(FIRST, FIRST6);
    assertThat(lab.ask(client)).as("the flow is not translated anew").isEqualTo("nobody");
    cluster.set(dns().ready(FIRST).ready(FIRST6));
    assertThat(clean()).isEqualTo(1);
    assertThat(lab.ask(client)).isEqualTo(FIRST6);
  }

  @Test
  @DisplayName("a draining endpoint keeps its clients until it ends (services 50)")
  void draining() throws Exception {
    cluster.set(dns().ready(SECOND).ready(SECOND6)).commit();
    lab.rules(SECOND, SECOND6);
    UdpLab.Client client = lab.clients().getFirst();
    assertThat(lab.ask(client)).isEqualTo(SECOND);
    lab.rules(FIRST, FIRST6);
    cluster.set(dns().ready(FIRST).draining(SECOND).ready(FIRST6).ready(SECOND6));
    assertThat(cluster.commit()).as("nothing to look for").isEmpty();
    assertThat(lab.ask(client)).isEqualTo(SECOND);
    cluster.set(dns().ready(FIRST).ended(SECOND).ready(FIRST6).ready(SECOND6));
    assertThat(clean()).isEqualTo(1);
    assertThat(lab.ask(client)).isEqualTo(FIRST);
  }

  @Test
  @DisplayName(
      "clients that began while the rules were gone are served after the repair (faults 18)")
  void repaired() throws Exception {
    cluster.set(dns().ready(FIRST).ready(FIRST6)).commit();
    for (UdpLab.Client client : lab.clients()) {
      assertThat(lab.ask(client)).as("without rules, %s", client).isEqualTo("nobody");
    }
    lab.rules(FIRST, FIRST6);
    UdpLab.Client stuck = lab.clients().getLast();
    assertThat(lab.ask(stuck)).as("the flow is not translated anew").isEqualTo("nobody");
    cleaner.clean(cluster.repair());
    assertThat(deleted.poll(20, TimeUnit.SECONDS))
        .as("those to node ports: this node has no way to the VIP, and keeps no flow to it")
        .isEqualTo(2);
    for (UdpLab.Client client : lab.clients()) {
      assertThat(lab.ask(client)).as("%s", client).isEqualTo(lab.server(client, FIRST, FIRST6));
    }
  }
}
