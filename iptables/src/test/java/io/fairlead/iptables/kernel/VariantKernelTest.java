package io.fairlead.iptables.kernel;

import static io.fairlead.dataplane.model.AddressFamily.IPV4;
import static io.fairlead.dataplane.model.AddressFamily.IPV6;
import static io.fairlead.iptables.kernel.XtablesVariant.LEGACY;
import static io.fairlead.iptables.kernel.XtablesVariant.NFT;
import static io.fairlead.iptables.rule.IptablesTable.NAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantKernelTest {

  @TempDir Path folder;
  private TestNamespace namespace;
  private TestPlace place;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("variant");
    place = new TestPlace(namespace, folder.resolve("lock"));
  }

  @AfterEach
  void close() {
    namespace.close();
  }

  private XtablesVariant.Choice detect() throws Exception {
    // The socket belongs to the namespace of the thread that asks.
    return namespace.call(() -> XtablesVariant.detect(Place.HERE));
  }

  private XtablesKernel open(XtablesVariant variant) throws Exception {
    return namespace.call(() -> variant.open(place));
  }

  @Test
  void lookingMakesNoTables() throws Exception {
    assertThat(detect().variant()).isEqualTo(NFT);
    assertNoTables();
  }

  private void assertNoTables() throws Exception {
    assertThat(LegacyXtables.tables(place, IPV4)).isEmpty();
    assertThat(LegacyXtables.tables(place, IPV6)).isEmpty();
    assertThat(namespace.run("nft", "list", "ruleset")).isEmpty();
  }

  /** Programs have no right to the raw sockets that iptables-legacy needs. */
  private static final class WithoutNetRaw implements Place {

    @Override
    public Process start(List<String> command) throws IOException {
      List<String> bounded = new ArrayList<>(List.of("setpriv", "--bounding-set=-net_raw"));
      bounded.addAll(List.of("--inh-caps=-all", "--"));
      bounded.addAll(command);
      return Place.HERE.start(bounded);
    }

    @Override
    public String read(Path file) throws IOException {
      return Place.HERE.read(file);
    }
  }

  @Test
  @DisplayName("legacy tables that cannot be read are none to be written (faults 25)")
  void legacyWithoutNetRaw() throws Exception {
    namespace.run("iptables-legacy", "-A", "INPUT", "-j", "ACCEPT");
    XtablesVariant.Choice choice = namespace.call(() -> XtablesVariant.detect(new WithoutNetRaw()));
    assertThat(choice.variant()).isEqualTo(NFT);
    assertThat(choice.reason()).contains("cannot be read", "NET_RAW");
  }

  @Test
  void followsOthers() throws Exception {
    namespace.run("iptables-legacy", "-A", "INPUT", "-j", "ACCEPT");
    namespace.run("ip6tables-legacy", "-A", "INPUT", "-j", "ACCEPT");
    XtablesVariant.Choice legacy = detect();
    assertThat(legacy.variant()).isEqualTo(LEGACY);
    assertThat(legacy.both()).isFalse();
    assertThat(legacy.toString())
        .isEqualTo(
            "iptables in the variant legacy: others have 2 rules there and 0 in the variant nft");
    for (int i = 0; i < 3; i++) {
      namespace.run("iptables-nft", "-A", "INPUT", "-j", "ACCEPT");
    }
    assertThat(detect().variant()).isEqualTo(NFT);
    assertThat(detect().toString()).contains("3 rules", "both variants are in use on this node");
    namespace.run("iptables-legacy", "-t", "mangle", "-N", "KUBE-IPTABLES-HINT");
    assertThat(detect().variant()).isEqualTo(LEGACY);
    namespace.run("iptables-nft", "-t", "mangle", "-N", "KUBE-IPTABLES-HINT");
    assertThat(detect().variant()).isEqualTo(NFT);
  }

  @Test
  @DisplayName(
      "Switched both ways, each variant leaves nothing, and our own rules do not decide"
          + " (faults 21)")
  void switchedBothWays() throws Exception {
    namespace.run("iptables-nft", "-t", "nat", "-A", "POSTROUTING", "-j", "MASQUERADE");
    String foreign = namespace.run("nft", "list", "ruleset");
    try (XtablesKernel nft = open(NFT);
        XtablesKernel legacy = open(LEGACY)) {
      for (int i = 0; i < 2; i++) {
        fill(legacy);
        assertThat(detect().variant()).isEqualTo(NFT);
        fill(nft);
        legacy.cleanup();
        assertThat(namespace.run("iptables-legacy-save")).doesNotContain("-A ", "FAIRLEAD");
        assertThat(nft.read(IPV4, NAT).chains()).isNotEmpty();
        fill(legacy);
        nft.cleanup();
        assertThat(namespace.run("nft", "list", "ruleset"))
            .doesNotContain("FAIRLEAD")
            .contains("masquerade");
        assertThat(legacy.read(IPV4, NAT).chains()).isNotEmpty();
        legacy.cleanup();
      }
    }
    assertThat(foreign.lines().toList())
        .isSubsetOf(namespace.run("nft", "list", "ruleset").lines().toList());
  }

  @Test
  @DisplayName(
      "What an earlier run left in the other variant goes, without making tables of it"
          + " (faults 21, services 57)")
  void leftovers() throws Exception {
    cleanup(LEGACY);
    cleanup(NFT);
    assertNoTables();
    try (XtablesKernel nft = open(NFT);
        XtablesKernel legacy = open(LEGACY)) {
      fill(nft);
      fill(legacy);
    }
    cleanup(LEGACY);
    assertThat(namespace.run("iptables-legacy-save")).doesNotContain("-A ", "FAIRLEAD");
    assertThat(namespace.run("iptables-nft-save")).contains("FAIRLEAD");
    cleanup(NFT);
    assertThat(namespace.run("nft", "list", "ruleset")).isEmpty();
  }

  private void cleanup(XtablesVariant variant) throws Exception {
    switch (variant) {
      case NFT ->
          namespace.call(() -> {
            variant.cleanup(Place.HERE);
            return variant;
          });
      // Its own thread runs programs in the namespace.
      case LEGACY -> variant.cleanup(place);
    }
  }

  private static void fill(XtablesKernel kernel) throws Exception {
    kernel
        .commit(IPV4, NAT, XtablesContract.withEntry(Map.of("FAIRLEAD-MORE", List.of())))
        .get(20, TimeUnit.SECONDS);
  }
}
