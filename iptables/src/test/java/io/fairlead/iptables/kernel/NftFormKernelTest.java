package io.fairlead.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.RuleExamples;
import io.fairlead.iptables.rule.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written through netlink is, byte for byte, what the programs of iptables-nft write. */
class NftFormKernelTest {

  private static final String CHAIN = "FAIRLEAD-EXAMPLES";

  /** Not all examples may be reached from every built-in chain. */
  private static final String ENTRY = "FAIRLEAD-ENTRY";

  @TempDir private Path folder;
  private TestNamespace namespace;
  private NftXtables xtables;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("nft-form");
    xtables = namespace.call(NftXtables::open);
  }

  @AfterEach
  void close() {
    xtables.close();
    namespace.close();
  }

  private static List<RuleExamples.Example> examples(AddressFamily family, IptablesTable table) {
    return RuleExamples.all().stream()
        .filter(example -> example.family() == family && example.table() == table)
        .toList();
  }

  private static List<BuiltInJump> jumps(IptablesTable table) {
    return table.builtInChains().stream()
        .map(chain -> new BuiltInJump(chain, IptablesRule.of(new Target.Jump(ENTRY)), true))
        .toList();
  }

  private void write(AddressFamily family, IptablesTable table) {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    chains.put(CHAIN, examples(family, table).stream().map(RuleExamples.Example::rule).toList());
    chains.put(RuleExamples.OTHER, List.of());
    chains.put(ENTRY, List.of());
    xtables
        .commit(family, table, new XtablesChange(chains, List.of(), jumps(table), List.of()))
        .join();
  }

  static String program(AddressFamily family, String rest) {
    return switch (family) {
      case IPV4 -> "iptables-" + rest;
      case IPV6 -> "ip6tables-" + rest;
    };
  }

  @Test
  @DisplayName("iptables-save prints every rule in the words of the rule's text")
  void iptablesSavePrintsTheTexts() {
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        write(family, table);
        String saved = namespace.run(program(family, "nft-save"), "-t", table.text());
        assertThat(saved.lines().filter(line -> line.startsWith("-A " + CHAIN)))
            .containsExactlyElementsOf(
                examples(family, table).stream()
                    .map(example -> "-A " + CHAIN + " " + example.text())
                    .toList());
        for (String chain : table.builtInChains()) {
          assertThat(saved).contains("-A " + chain + " -j " + ENTRY + "\n");
        }
        assertThat(namespace.run(program(family, "nft"), "-t", table.text(), "-L", "-n"))
            .contains("Chain " + ENTRY + " (" + table.builtInChains().size() + " references)");
      }
    }
  }

  @Test
  void theSnapshotHasTheSameTexts() throws Exception {
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        write(family, table);
        XtablesSnapshot snapshot = xtables.read(family, table);
        assertThat(snapshot.texts(CHAIN))
            .isEqualTo(examples(family, table).stream().map(e -> e.text()).toList());
        assertThat(snapshot.chains()).containsKey(RuleExamples.OTHER);
        assertThat(snapshot.jumps())
            .containsExactlyInAnyOrderElementsOf(
                table.builtInChains().stream()
                    .map(chain -> new XtablesSnapshot.HeldJump(chain, "-j " + ENTRY, 0))
                    .toList());
      }
    }
  }

  /** What the kernel holds of a table, without the numbers that it gave. */
  private record Held(List<NfTable> tables, List<NfChain> chains, Map<String, List<Object>> rules) {

    static Held of(TestNamespace namespace, AddressFamily family) throws Exception {
      try (NfTablesSocket kernel = namespace.call(NfTablesSocket::open)) {
        List<NfChain> chains = new ArrayList<>();
        Map<String, List<Object>> rules = new LinkedHashMap<>();
        for (IptablesTable table : IptablesTable.values()) {
          TableName name = NfForm.table(family, table);
          kernel.chains(name).stream()
              .sorted((a, b) -> a.name().compareTo(b.name()))
              .forEach(chain -> {
                chains.add(chain);
                rules.put(chain.table() + " " + chain.name(), new ArrayList<>());
              });
          for (NfRule rule : kernel.rules(name)) {
            List<Object> chain = rules.get(name + " " + rule.chain());
            if (chain != null) {
              chain.add(List.of(rule.expressions(), rule.comment(), rule.fingerprint()));
            }
          }
        }
        List<NfTable> tables =
            kernel.tables().stream()
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .toList();
        return new Held(tables, chains, rules);
      }
    }
  }

  @Test
  @DisplayName("Restored by iptables-restore, the kernel holds the same expressions")
  void theProgramsWriteTheSame() throws Exception {
    String version = namespace.run(program(AddressFamily.IPV4, "nft"), "--version");
    Assumptions.assumeFalse(
        version.contains("v1.8.11"),
        "iptables 1.8.11 compares the protocol last and in the header, where fairlead and the"
            + " versions before write it first and by its meta key; the kernel and all read both");
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        write(family, table);
      }
      Path saved = folder.resolve(family.name());
      Files.writeString(saved, namespace.run(program(family, "nft-save")));
      try (TestNamespace other = TestNamespace.create("nft-form-restored")) {
        other.run(program(family, "nft-restore"), saved.toString());
        Held ours = Held.of(namespace, family);
        Held theirs = Held.of(other, family);
        assertThat(theirs.rules()).isEqualTo(ours.rules());
        assertThat(theirs.chains()).isEqualTo(ours.chains());
        assertThat(ours.tables()).containsAll(theirs.tables());
      }
    }
  }

  @Test
  void whatIptablesCouldNotShowIsRefused() {
    XtablesChange change =
        XtablesChange.ofChains(Map.of(CHAIN, List.of(IptablesRule.of(new Target.Drop()))));
    assertThat(xtables.commit(AddressFamily.IPV4, IptablesTable.NAT, change))
        .failsWithin(java.time.Duration.ZERO)
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .withCauseInstanceOf(IOException.class)
        .withMessageContaining(CHAIN)
        .withMessageContaining("nat");
  }
}
