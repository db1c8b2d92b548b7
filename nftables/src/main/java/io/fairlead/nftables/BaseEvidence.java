package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.TableEvidence;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what decides, in every mode, whose source address is replaced. */
final class BaseEvidence {

  private BaseEvidence() {}

  /**
   * Reads it now.
   *
   * @param services how Services are treated; null for a table without them
   */
  static List<KernelObject> read(
      NfTablesKernel kernel,
      AddressFamily family,
      NodeNetwork network,
      @Nullable ServiceSettings services)
      throws IOException {
    TableEvidence evidence = new TableEvidence(kernel);
    for (var chain : BaseTable.shape(network, services).chains().entrySet()) {
      if (chain.getKey().name().equals(BaseTable.NAT_POSTROUTING)) {
        evidence.chain(TABLE, chain.getKey().name(), chain.getValue());
      }
    }
    FamilySets sets = FamilySets.of(family);
    add(evidence, sets.localPods(), network.local(family));
    add(evidence, sets.cluster(), network.cluster(family));
    add(evidence, sets.unmasqueraded(), network.unmasqueraded(family));
    return evidence.objects();
  }

  private static void add(TableEvidence evidence, NfSet set, List<Cidr> networks)
      throws IOException {
    for (Cidr network : networks) {
      evidence.element(set, SetElement.of(network));
    }
  }
}
