package io.fairlead.iptables.kernel;

import static io.fairlead.dataplane.model.AddressFamily.IPV4;
import static io.fairlead.iptables.rule.IptablesTable.NAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NftXtablesKernelTest extends XtablesContract {

  @Override
  String variant() {
    return "nft";
  }

  @Override
  XtablesKernel open() throws Exception {
    return namespace.call(NftXtables::open);
  }

  @Test
  @DisplayName("Where nobody else has rules, cleanup leaves no table (faults 21)")
  void leavesNothing() throws Exception {
    commit(IPV4, NAT, withEntry(Map.of()));
    xtables.cleanup();
    assertThat(namespace.run("nft", "list", "ruleset")).isEmpty();
  }

  @Test
  void aCommitIsInTheKernelWhenItReturns() {
    assertThat(xtables.commit(IPV4, NAT, XtablesChange.ofChains(Map.of("FAIRLEAD-A", List.of()))))
        .isCompleted();
  }

  @Test
  @DisplayName(
      "While others change the ruleset, built-in chains are changed all the same (services 46)")
  void amidChangesOfOthers() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (NfTablesSocket other = namespace.call(NfTablesSocket::open)) {
      TableName name = TableName.inet("other");
      Thread busy =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (!done.get()) {
                    other.commit(NfTransaction.of(new NfOperation.AddTable(NfTable.of(name, ""))));
                    Thread.sleep(1);
                    other.commit(NfTransaction.of(new NfOperation.DeleteTable(name)));
                  }
                } catch (IOException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      for (int i = 0; i < 20; i++) {
        commit(IPV4, NAT, withEntry(Map.of()));
        assertThat(xtables.read(IPV4, NAT).jumps()).hasSize(3);
        xtables.cleanup();
        assertThat(xtables.read(IPV4, NAT)).isEqualTo(XtablesSnapshot.EMPTY);
      }
      done.set(true);
      busy.join();
    }
  }
}
