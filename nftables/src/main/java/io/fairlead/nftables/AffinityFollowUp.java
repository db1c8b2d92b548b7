package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.ElementData;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.table.OperationTexts;
import io.fairlead.dataplane.table.ServiceKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forgets clients that remember endpoints which they must not be sent to any more. That takes a
 * listing of all clients, so it is done after the commit, and only where session affinity is used.
 */
final class AffinityFollowUp {

  /** Elements time out while they are listed; then the listing is repeated. */
  private static final int TRIES = 10;

  /** Addresses of which some endpoints are gone. */
  private final Set<FrontendAddress> changed = new HashSet<>();

  /** Addresses of which all clients are forgotten. */
  private final Set<FrontendAddress> forgotten = new HashSet<>();

  private boolean everything;

  /** Takes note of what is about to become of an address. */
  void note(FrontendAddress address, @Nullable Treatment before, @Nullable Treatment after) {
    if (before == null || before.affinitySeconds() == 0) {
      return;
    }
    if (after == null || after.affinitySeconds() != before.affinitySeconds()) {
      forgotten.add(address);
    } else if (!new HashSet<>(after.endpoints()).containsAll(before.endpoints())
        || !new HashSet<>(after.apartEndpoints()).containsAll(before.apartEndpoints())) {
      changed.add(address);
    }
  }

  /** What the kernel remembers is from another time. */
  void noteEverything() {
    everything = true;
  }

  boolean isEmpty() {
    return !everything && changed.isEmpty() && forgotten.isEmpty();
  }

  /** Removes what is out of date. */
  List<String> run(NfTablesKernel kernel, ServiceState state) throws IOException {
    List<String> texts = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      run(kernel, state, ServiceSets.of(family), texts);
    }
    everything = false;
    changed.clear();
    forgotten.clear();
    return texts;
  }

  private void run(NfTablesKernel kernel, ServiceState state, ServiceSets sets, List<String> texts)
      throws IOException {
    for (int tries = 1; ; tries++) {
      List<SetElement> old =
          kernel.elements(sets.remembered()).stream()
              .filter(element -> isOutdated(element, sets.base().family(), state))
              .toList();
      if (old.isEmpty()) {
        return;
      }
      NfOperation operation = new NfOperation.DeleteElements(sets.remembered(), old);
      try {
        kernel.commit(NfTransaction.of(operation));
        texts.add(OperationTexts.brief(operation));
        return;
      } catch (NetlinkException e) {
        if (!e.isNotFound() || tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private boolean isOutdated(SetElement element, AddressFamily family, ServiceState state) {
    int destination = family.byteLength();
    int transport = 2 * destination;
    FrontendAddress address = ServiceKeys.virtualAddress(element.key(), destination, family);
    Treatment treatment = address == null ? null : state.treatment(address);
    if (treatment == null && (address == null || !isNoted(address))) {
      // The client asked for a port of one of this node's addresses.
      address = ServiceElements.nodePort(element.key(), transport, family);
      treatment = address == null ? null : state.treatment(address);
    }
    if (address == null || forgotten.contains(address)) {
      return true;
    }
    if (!everything && !changed.contains(address)) {
      return false;
    }
    return treatment == null
        || treatment.affinitySeconds() == 0
        || !(element.data() instanceof ElementData.OfValue value)
        || !treatment.leadsTo(ServiceElements.endpoint(value.value(), family));
  }

  private boolean isNoted(FrontendAddress address) {
    return changed.contains(address) || forgotten.contains(address);
  }
}
