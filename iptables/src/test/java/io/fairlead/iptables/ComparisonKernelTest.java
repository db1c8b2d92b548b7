package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfFamily;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.iptables.kernel.NftForwarding;
import io.fairlead.iptables.kernel.NftXtables;
import io.fairlead.iptables.rule.IptablesTable;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What differs in iptables-nft in a real kernel is told, exactly, and nothing is changed. */
class ComparisonKernelTest {

  private static final TableName NAT = new TableName(NfFamily.IPV4, "nat");

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final World world = new World();
  private TestNamespace node;
  private NfTablesSocket raw;
  private NftXtables kernel;
  private IptablesServices services;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    raw = node.call(NfTablesSocket::open);
    kernel = node.call(NftXtables::open);
    services = new IptablesServices(kernel, world.claims, World.SETTINGS, () -> {});
    Sample web = Sample.named("web").clusterIp("10.96.0.10", "fd00:96::a").here("10.244.1.2");
    services.update(world.claims.update(web.key, web.fragment(World.NODE)));
    services.commit();
  }

  @AfterEach
  void close() {
    services.close();
    raw.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private Comparison compare() throws Exception {
    long generation = raw.generation();
    Comparison result = IptablesServices.compare(kernel, world.claims, World.SETTINGS);
    assertThat(raw.generation()).as("nothing is committed").isEqualTo(generation);
    return result;
  }

  @Test
  void chainsAndRules() throws Exception {
    assertThat(compare().differences()).isEmpty();
    assertThat(compare().right().get("rules")).isGreaterThan(3);
    NfRule rule =
        raw.rules(NAT).stream()
            .filter(one -> one.chain().startsWith("FAIRLEAD"))
            .findFirst()
            .orElseThrow();
    String text = kernel.read(AddressFamily.IPV4, IptablesTable.NAT).texts(rule.chain()).getFirst();
    raw.commit(
        NfTransaction.of(new NfOperation.DeleteRule(rule.table(), rule.chain(), rule.handle())));
    assertThat(compare().differences())
        .containsExactly(Difference.missing("chain ip nat " + rule.chain(), text));
    assertThat(services.audit()).isNotEmpty();
    assertThat(compare().differences()).isEmpty();
  }

  @Test
  void forwarding() throws Exception {
    NftForwarding forwarding = new NftForwarding(raw);
    List<Cidr> pods = List.of(Cidr.parse("10.244.0.0/16"));
    assertThat(forwarding.compare(pods).differences()).isEmpty();
    node.run("nft", "add table ip filter");
    node.run(
        "nft",
        "add chain ip filter FORWARD { type filter hook forward priority filter; policy drop; }");
    assertThat(forwarding.compare(pods).differences())
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.kind()).isEqualTo(Difference.Kind.MISSING))
        .allSatisfy(one -> assertThat(one.place()).isEqualTo("chain ip filter FORWARD"));
    assertThat(forwarding.ensure(pods)).isNotEmpty();
    assertThat(forwarding.compare(pods).differences()).isEmpty();
    assertThat(forwarding.compare(pods).right()).containsEntry("rules", 2);
  }
}
