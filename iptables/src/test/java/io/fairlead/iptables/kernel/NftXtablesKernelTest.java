package io.fairlead.iptables.kernel;

import static io.fairlead.dataplane.model.AddressFamily.IPV4;
import static io.fairlead.iptables.rule.IptablesTable.NAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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
}
