package io.fairlead.ipvs.companion;

import static io.fairlead.ipvs.companion.Samples.POD;
import static io.fairlead.ipvs.companion.Samples.SETTINGS;
import static io.fairlead.ipvs.companion.Samples.WEB;
import static io.fairlead.ipvs.companion.Samples.clusterIp;
import static io.fairlead.ipvs.companion.Samples.local;
import static io.fairlead.ipvs.companion.Samples.refused;
import static io.fairlead.ipvs.companion.Samples.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The table as the kernel took it and as nft reads it. */
class CompanionRulesKernelTest {

  private TestNamespace node;
  private NfTablesSocket kernel;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    kernel = node.call(NfTablesSocket::open);
  }

  @AfterEach
  void close() {
    kernel.close();
    node.close();
  }

  /** The chain without the table around it. */
  private String chain(String name) {
    String text = node.run("nft", "-y", "list", "chain", "inet", "fairlead-ipvs", name);
    // nft 1.0 writes masks of leading ones as if a mark were an address.
    return text.replace("meta mark 0x46000000/8", "meta mark & 0xff000000 == 0x46000000")
        .lines()
        .filter(line -> line.startsWith("\t\t"))
        .map(line -> "  " + line.substring(2) + "\n")
        .collect(Collectors.joining("", "chain " + name + "\n", ""));
  }

  @Test
  void chains() throws Exception {
    new CompanionTable(kernel, SETTINGS).synchronize(Map.of(), Map.of());
    try (InputStream golden = getClass().getResourceAsStream("chains.txt")) {
      String text = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
      for (String wanted : text.split("\n\n", -1)) {
        if (!wanted.isBlank()) {
          String name = wanted.substring("chain ".length(), wanted.indexOf('\n'));
          assertThat(chain(name)).isEqualTo(wanted.strip() + "\n");
          String other = wanted.replace("ipv4", "ipv6").replace("ip ", "ip6 ").strip() + "\n";
          if (name.endsWith("ipv4")) {
            assertThat(chain(name.replace("ipv4", "ipv6"))).isEqualTo(other);
          }
        }
      }
    }
  }

  @Test
  void nftTakesWhatItLists() throws Exception {
    new CompanionTable(kernel, SETTINGS)
        .synchronize(Map.of(WEB, local(InsideMark.of(3))), Map.of(POD, 1));
    node.run("sh", "-c", "nft list ruleset | nft -c -f -");
  }

  @Test
  void podsByInterface() throws Exception {
    new CompanionTable(kernel, settings(new LocalPods.Interface("fairlead0")))
        .synchronize(Map.of(), Map.of());
    assertThat(chain("input")).contains("meta nfproto ipv4 iifname \"fairlead0\" goto from-pods");
    new CompanionTable(kernel, settings(new LocalPods.InterfacePrefix("veth")))
        .synchronize(Map.of(), Map.of());
    assertThat(chain("input")).contains("meta nfproto ipv6 iifname \"veth*\" goto from-pods-ipv6");
    new CompanionTable(kernel, settings(new LocalPods.Unknown())).synchronize(Map.of(), Map.of());
    assertThat(chain("input")).doesNotContain("from-pods").contains("goto from-outside-ipv6");
    assertThat(chain("from-node-ipv4"))
        .contains("@masquerade-outside-ipv4")
        .doesNotContain("detected-pods");
  }

  /** Keeps the table alone: what the backend of IPVS does with it. */
  private static final class Keeper implements ServiceBackend {

    private final AtomicInteger distrusts = new AtomicInteger();

    @Override
    public void distrust() {
      distrusts.incrementAndGet();
    }

    @Override
    public void settings(ServiceSettings settings) {}

    @Override
    public void update(ServiceChange change) {}

    @Override
    public boolean isPending() {
      return distrusts.get() > 0;
    }

    @Override
    public List<String> commit() {
      return List.of();
    }

    @Override
    public List<String> audit() {
      return List.of();
    }

    @Override
    public List<KernelObject> evidence(FrontendAddress address) {
      return List.of();
    }

    @Override
    public void remove() {}

    @Override
    public void close() {}
  }

  @Test
  @DisplayName("What others do to the table is noticed and undone (services 43, faults 18)")
  void disturbance() throws Exception {
    CompanionTable table = new CompanionTable(kernel, SETTINGS);
    var wanted = Map.of(WEB, refused());
    table.synchronize(wanted, Map.of());
    String right = kernel.dump(CompanionTable.table()).orElseThrow().toString();
    for (String[] command :
        new String[][] {
          {"nft", "flush", "ruleset"},
          {"nft", "flush", "chain", "inet", "fairlead-ipvs", "from-node-ipv6"},
          {"nft", "flush", "set", "inet", "fairlead-ipvs", "virtual-ipv4"},
          {"nft", "add", "chain", "inet", "fairlead-ipvs", "stray"}
        }) {
      String line = String.join(" ", command);
      assertNoticed(table, command);
      assertThat(table.synchronize(wanted, Map.of())).as(line).isNotEmpty();
      assertThat(kernel.dump(CompanionTable.table()).orElseThrow().toString())
          .as(line)
          .isEqualTo(right);
    }
  }

  private void assertNoticed(CompanionTable table, String... command) throws Exception {
    Keeper keeper = new Keeper();
    CountDownLatch disturbed = new CountDownLatch(1);
    try (TableWatch _ =
        node.call(() ->
            TableWatch.start(
                kernel,
                CompanionTable.table(),
                keeper::distrust,
                sentence -> {
                  assertThat(sentence)
                      .contains("(nft) changed")
                      .endsWith("of table inet fairlead-ipvs");
                  disturbed.countDown();
                }))) {
      change(table);
      assertThat(keeper.isPending()).as("our own changes are none").isFalse();
      node.run("nft", "add", "table", "inet", "foreign");
      node.run(command);
      assertThat(disturbed.await(5, TimeUnit.SECONDS)).as(String.join(" ", command)).isTrue();
      assertThat(keeper.distrusts).hasValue(1);
    }
  }

  private static void change(CompanionTable table) throws IOException {
    table.treat(WEB, clusterIp());
    table.commitAdditions();
    table.treat(WEB, refused());
    table.commitAdditions();
    table.commitRemovals();
  }
}
