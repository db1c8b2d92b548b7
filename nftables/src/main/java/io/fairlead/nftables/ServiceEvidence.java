package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.ServiceKeys;
import io.fairlead.dataplane.table.TableEvidence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what the kernel has of one frontend, in the order in which packets meet it. */
final class ServiceEvidence {

  private final FrontendAddress address;
  private final NodeNetwork network;
  private final @Nullable Treatment treatment;
  private final TableEvidence evidence;
  private final FrontendSets sets;
  private final ServiceSets shared;
  private final Map<NfSet, List<SetElement>> wanted = new HashMap<>();

  private ServiceEvidence(
      NfTablesKernel kernel,
      FrontendAddress address,
      NodeNetwork network,
      @Nullable Treatment treatment) {
    this.address = address;
    this.network = network;
    this.treatment = treatment;
    this.evidence = new TableEvidence(kernel);
    this.sets = FrontendSets.of(address);
    this.shared = ServiceSets.of(address.family());
  }

  /**
   * Reads it now.
   *
   * @param treatment what was committed for the address; null if nothing was
   */
  static List<KernelObject> read(
      NfTablesKernel kernel,
      FrontendAddress address,
      NodeNetwork network,
      @Nullable Treatment treatment)
      throws IOException {
    ServiceEvidence reading = new ServiceEvidence(kernel, address, network, treatment);
    reading.collect();
    reading.read();
    return reading.evidence.objects();
  }

  private void collect() {
    if (treatment == null) {
      return;
    }
    treatment.addTo(
        address,
        new ElementSink() {
          @Override
          public void add(NfSet set, SetElement element) {
            wanted.computeIfAbsent(set, _ -> new ArrayList<>()).add(element);
          }

          @Override
          public void remove(NfSet set, SetElement element) {
            throw new IllegalStateException("what is wanted has no removals");
          }
        });
  }

  private void read() throws IOException {
    if (address instanceof VirtualAddress) {
      look(shared.restricted());
      for (SetElement clients : wanted.getOrDefault(shared.allowed(), List.of())) {
        evidence.element(shared.allowed(), clients);
      }
      look(shared.blocked());
    }
    look(sets.localDropped());
    look(sets.localServices());
    look(sets.services());
    look(sets.dropped());
    Treatment committed = treatment;
    if (committed != null) {
      for (Target target : committed.targets(address)) {
        readTarget(target);
      }
    }
    readSlots(0, committed == null ? List.of() : committed.endpoints());
    readSlots(FrontendSets.LOCAL_SLOTS, committed == null ? List.of() : committed.apartEndpoints());
    look(sets.connections());
    look(sets.affinity());
    if (committed != null) {
      readAffinity(committed);
      readHairpins(committed);
    }
    look(sets.traffic());
    look(sets.refused());
    if (address instanceof VirtualAddress virtual && committed != null && committed.clusterIp()) {
      evidence.element(shared.clusterIps(), ServiceKeys.address(virtual.address()));
    }
  }

  /** The element of the frontend in a set, if it should have one or has one. */
  private void look(NfSet set) throws IOException {
    List<SetElement> elements = wanted.get(set);
    if (elements == null) {
      evidence.unwanted(set, ServiceKeys.key(address));
    } else {
      for (SetElement element : elements) {
        evidence.element(set, element);
      }
    }
  }

  private void readTarget(Target target) throws IOException {
    for (Client client : Client.values()) {
      if (client.isMasqueraded(target.masquerade())) {
        evidence.element(client.masqueraded(), SetElement.of(target.bytes()));
      }
    }
    evidence.element(ServiceSets.BALANCE, target.element());
    // As packets meet them: the first one is the last that was made.
    for (var chain : target.chains().entrySet().stream().toList().reversed()) {
      evidence.chain(TABLE, chain.getKey().name(), chain.getValue());
    }
  }

  private void readSlots(int first, List<EndpointAddress> endpoints) throws IOException {
    for (int i = 0; i < endpoints.size(); i++) {
      EndpointAddress endpoint = endpoints.get(i);
      Bytes key = ServiceElements.slotKey(address, first + i);
      evidence.element(
          sets.endpoints(),
          SetElement.of(key, ServiceElements.value(endpoint)),
          (first == 0 ? "slot " : "local slot ") + i + " -> " + endpoint);
    }
    evidence.unwanted(sets.endpoints(), ServiceElements.slotKey(address, first + endpoints.size()));
  }

  private void readAffinity(Treatment committed) throws IOException {
    if (committed.affinitySeconds() > 0) {
      AffinityChain chain = new AffinityChain(address.family(), committed.affinitySeconds());
      for (var each : chain.chains().entrySet()) {
        evidence.chain(TABLE, each.getKey().name(), each.getValue());
      }
    }
  }

  private void readHairpins(Treatment committed) throws IOException {
    var endpoints = new TreeSet<>(committed.endpoints());
    endpoints.addAll(committed.apartEndpoints());
    for (EndpointAddress endpoint : endpoints) {
      if (network.isLocal(endpoint.address())) {
        evidence.element(shared.hairpins(), ServiceKeys.hairpin(endpoint.address()));
      }
    }
  }
}
