package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.iptables.kernel.LegacyXtables;
import io.fairlead.iptables.kernel.NftXtables;
import io.fairlead.iptables.kernel.TestPlace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel is read to have of one frontend, and how others' hands on it show. */
class IptablesEvidenceKernelTest {

  private static final FrontendAddress WEB =
      new VirtualAddress(IpAddress.parse("10.96.0.10"), Protocol.TCP, 80);

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace node;
  private World world;
  private IptablesServices services;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    world = new World();
    NftXtables kernel = node.call(NftXtables::open);
    services = new IptablesServices(kernel, world.claims, World.SETTINGS, () -> {});
    update(
        Sample.named("web")
            .clusterIp("10.96.0.10")
            .nodePort(30080)
            .external(TrafficPolicy.LOCAL)
            .here("10.244.1.2")
            .elsewhere("10.244.2.2"));
    // So many that the first chain leads to others.
    for (int i = 0; i < 40; i++) {
      update(Sample.named("other" + i).clusterIp("10.96.1." + i).here("10.244.1.3"));
    }
    services.commit();
  }

  @AfterEach
  void close() {
    services.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private void update(Sample sample) {
    services.update(world.claims.update(sample.key, sample.fragment(World.NODE)));
  }

  private List<String> evidence(FrontendAddress address) throws Exception {
    return services.evidence(address).stream()
        .map(object -> object.state() + " " + object.place() + ": " + object.text())
        .toList();
  }

  private List<String> changed(FrontendAddress address) throws Exception {
    return evidence(address).stream().filter(line -> !line.startsWith("PRESENT")).toList();
  }

  /** The chain of a rule in the evidence. */
  private String chainWith(String part) throws Exception {
    return evidence(WEB).stream()
        .filter(line -> line.contains(part))
        .map(line -> line.replaceFirst("^\\S+ chain ip nat (\\S+): .*", "$1"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void allOfAServiceIsThereInTheOrderOfPackets() throws Exception {
    assertThat(changed(WEB)).isEmpty();
    assertThat(evidence(WEB))
        .first()
        .isEqualTo(
            "PRESENT chain ip nat PREROUTING: -A PREROUTING -m comment --comment"
                + " \"fairlead: Services\" -j FAIRLEAD-SERVICES");
    List<String> saved = List.of(node.run("iptables-nft-save", "-t", "nat").split("\n"));
    assertThat(services.evidence(WEB))
        .hasSizeGreaterThan(8)
        .allSatisfy(object -> assertThat(saved).contains(object.text()));
    assertThat(services.evidence(WEB))
        .filteredOn(KernelObject::isCounted)
        .extracting(KernelObject::text)
        .anyMatch(text -> text.contains("--to-destination 10.244.1.2:8080"))
        .anyMatch(text -> text.contains("--to-destination 10.244.2.2:8080"))
        .noneMatch(text -> text.contains("10.244.1.3"));
    NodePort port = new NodePort(AddressFamily.IPV4, Protocol.TCP, 30080);
    assertThat(changed(port)).isEmpty();
    assertThat(evidence(port))
        .anyMatch(line -> line.contains("-j FAIRLEAD-NODEPORTS"))
        .anyMatch(line -> line.contains("--dport 30080"))
        .anyMatch(line -> line.contains("-A FAIRLEAD-EXL-"));
    assertThat(services.evidence(new NodePort(AddressFamily.IPV4, Protocol.UDP, 30080))).isEmpty();
  }

  @Test
  void whatOthersDidIsTold() throws Exception {
    String service = chainWith("--probability");
    String wanted =
        evidence(WEB).stream()
            .filter(line -> line.contains("--probability"))
            .findFirst()
            .orElseThrow();
    wanted = wanted.substring(wanted.indexOf(": ") + 2);
    node.run("iptables-nft", "-t", "nat", "-R", service, "2", "-j", "RETURN");
    assertThat(changed(WEB))
        .containsExactly(
            "DIFFERENT chain ip nat "
                + (service + ": found -A " + service + " -j RETURN, wanted " + wanted));
    node.run("iptables-nft", "-t", "nat", "-D", service, "2");
    assertThat(changed(WEB)).containsExactly("MISSING chain ip nat " + service + ": " + wanted);
    node.run("iptables-nft", "-t", "nat", "-F", "PREROUTING");
    node.run("iptables-nft", "-t", "nat", "-F", "FAIRLEAD-SERVICES");
    assertThat(changed(WEB))
        .anyMatch(line -> line.startsWith("MISSING chain ip nat PREROUTING: -A PREROUTING"))
        .anyMatch(line -> line.startsWith("MISSING chain ip nat FAIRLEAD-SERVICES: -A FAIRLEAD"));
  }

  @Test
  void anAddressWithoutEndpointsIsRefusedInTheFilter() throws Exception {
    update(Sample.named("none").clusterIp("10.96.0.11"));
    services.commit();
    FrontendAddress none = new VirtualAddress(IpAddress.parse("10.96.0.11"), Protocol.TCP, 80);
    assertThat(changed(none)).isEmpty();
    assertThat(evidence(none))
        .anyMatch(line -> line.contains("chain ip filter FAIRLEAD-UNSERVED"))
        .anyMatch(
            line -> line.endsWith("-A FAIRLEAD-REJECT -p tcp -j REJECT --reject-with tcp-reset"));
  }

  @Test
  void theLegacyVariantTellsTheSame(@TempDir Path folder) throws Exception {
    List<String> nft = evidence(WEB);
    services.remove();
    services.close();
    services =
        new IptablesServices(
            new LegacyXtables(new TestPlace(node, folder.resolve("lock"))),
            world.claims,
            World.SETTINGS,
            () -> {});
    services.commit();
    assertThat(evidence(WEB)).isEqualTo(nft);
    String service = chainWith("--probability");
    node.run("iptables-legacy", "-t", "nat", "-F", service);
    assertThat(changed(WEB))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("MISSING chain ip nat " + service + ": "));
  }
}
