package io.fairlead.agent.subsystem.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.Eventually;
import io.fairlead.agent.server.AddressesReport;
import io.fairlead.agent.server.PodsReport;
import io.fairlead.cni.CniService;
import io.fairlead.cni.PodAdmission;
import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.cni.attachment.OptionsText;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of leases, and leases of host-local that come and go. */
class PodViewsTest {

  @TempDir Path folder;
  private AddressPool pool;
  private CniService service;

  @BeforeEach
  void open() throws IOException {
    pool = AddressPool.open(folder, "boot");
    pool.configure(List.of(Cidr.parse("10.0.0.0/28"), Cidr.parse("fd00::/64")));
    service =
        new CniService(
            pool,
            new BridgeNetwork(() -> {
              throw new IOException("leases are told of without the kernel");
            }),
            _ -> {
              throw new IOException("no pod is entered");
            },
            PodAdmission.EVERYBODY,
            List.of(),
            Optional::empty);
  }

  @AfterEach
  void close() throws IOException {
    service.close();
  }

  private void lease(String container, String pod, String options) throws Exception {
    pool.allocate(
        key(container), AddressRequest.ANY, pod, "uid-" + container, OptionsText.read(options));
  }

  private static AttachmentKey key(String container) {
    return new AttachmentKey("n", container, "eth0");
  }

  @Test
  void podsAndAddresses() throws Exception {
    lease("c1", "web/b", "port=tcp,8080,80,-;port=udp,53,5353,fd00::7;bandwidth=1000,0,2000,0");
    lease("c2", "db/z", "-");
    pool.allocate(key("c3"), AddressRequest.ANY, null, "", OptionsText.read("-"));
    pool.retire(key("c2"));
    PodsReport pods = PodViews.pods("node-a", service);
    assertThat(pods.pods())
        .extracting(pod -> pod.namespace() + "/" + pod.name() + " " + pod.state())
        .containsExactly("/ attached", "db/z leaving", "web/b attached");
    PodsReport.AttachedPod web = pods.pods().getLast();
    assertThat(web.addresses()).containsExactly("10.0.0.2", "fd00::2");
    assertThat(web.hostPorts()).containsExactly("tcp 8080 to 80", "udp [fd00::7]:53 to 5353");
    assertThat(web.ingressRate()).isEqualTo(1000);
    assertThat(web.egressRate()).isEqualTo(2000);
    assertThat(web.uid()).isEqualTo("uid-c1");
    assertThat(web.hostLink()).isEqualTo(BridgeNetwork.hostName(key("c1")));
    assertThat(PodsReport.parse(pods.reply().body())).isEqualTo(pods);

    AddressesReport addresses = PodViews.addresses("node-a", service);
    assertThat(addresses.ranges().getFirst())
        .isEqualTo(new AddressesReport.Range("10.0.0.0/28", "10.0.0.1", 3, 13));
    assertThat(addresses.addresses())
        .extracting(each -> each.address() + " " + each.state() + " " + each.pod())
        .containsExactly(
            "10.0.0.2 leased web/b",
            "10.0.0.3 leaving db/z",
            "10.0.0.4 leased ",
            "fd00::2 leased web/b",
            "fd00::3 leaving db/z",
            "fd00::4 leased ");
    pool.release(key("c2"));
    addresses = PodViews.addresses("node-a", service);
    assertThat(addresses.released()).containsExactly("10.0.0.3", "fd00::3");
    assertThat(AddressesReport.parse(addresses.reply().body())).isEqualTo(addresses);
  }

  @Test
  @DisplayName("files of host-local that come and go are followed, and shown (pod-network 28)")
  void imported() throws Exception {
    Path network = folder.resolve("networks/cbr0");
    try (LeaseImport imported = LeaseImport.of(network, folder, pool, service)) {
      imported.refresh();
      assertThat(imported.problems()).hasSize(1).first().asString().contains("import-leases");
      Files.createDirectories(network);
      Files.writeString(network.resolve("10.0.0.2"), "former\r\neth0");
      imported.refresh();
      assertThat(imported.problems()).isEmpty();
      assertThat(PodViews.addresses("node-a", service).addresses())
          .containsExactly(
              new AddressesReport.Address("10.0.0.2", "imported", "", "former", "eth0"));
      Files.writeString(network.resolve("10.0.0.3"), "another");
      Eventually.holds("a new file is seen", () -> service.imported().size() == 2);
      Files.delete(network.resolve("10.0.0.2"));
      Eventually.holds("a deleted file is seen", () -> service.imported().size() == 1);
    }
    try (LeaseImport none = LeaseImport.of(null, folder, pool, service)) {
      none.refresh();
      assertThat(none.problems()).isEmpty();
    }
  }
}
