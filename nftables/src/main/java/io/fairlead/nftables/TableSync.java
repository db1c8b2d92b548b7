package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares all of the table with what it should be. What is right stays untouched: a table that is
 * right altogether needs no operation. Pure.
 */
final class TableSync {

  /** What is to be done, and what is committed once it is done. */
  record Plan(NfTransaction transaction, ServiceState state) {}

  private final NfTransaction transaction = new NfTransaction();
  private final ServiceState state;
  private final ElementChanges desired = new ElementChanges();

  private TableSync(NodeNetwork network) {
    this.state = new ServiceState(network);
  }

  /**
   * Plans how to get from {@code snapshot} to what is desired.
   *
   * @param snapshot null if there is no table
   */
  static Plan plan(@Nullable TableSnapshot snapshot, NodeNetwork network, AddressClaims claims) {
    TableSync sync = new TableSync(network);
    sync.desireNetwork(network);
    sync.desireServices(claims, new KernelSlots(snapshot));
    if (snapshot == null) {
      sync.create();
    } else if (isOfAnotherShape(snapshot)) {
      // Made by another version: replaced within the transaction, so that no packet notices.
      sync.transaction.add(new NfOperation.DeleteTable(TABLE));
      sync.create();
    } else {
      sync.repair(snapshot);
    }
    return new Plan(sync.transaction, sync.state);
  }

  private void desireNetwork(NodeNetwork network) {
    for (AddressFamily family : AddressFamily.values()) {
      FamilySets sets = FamilySets.of(family);
      desire(sets.localPods(), network.local(family));
      desire(sets.cluster(), network.cluster(family));
      desire(sets.unmasqueraded(), network.unmasqueraded(family));
    }
  }

  private void desire(NfSet set, List<Cidr> networks) {
    networks.forEach(cidr -> desired.add(set, SetElement.of(cidr)));
  }

  private void desireServices(AddressClaims claims, KernelSlots present) {
    for (FrontendAddress frontend : new TreeSet<>(claims.addresses())) {
      if (frontend instanceof VirtualAddress address) {
        List<EndpointAddress> endpoints = NftablesServices.endpoints(claims, address);
        if (endpoints != null) {
          // The chains are compared below, whatever this address needs.
          var _ = state.change(address, Slots.assign(present.of(address), endpoints), desired);
        }
      }
    }
  }

  /** Whether something has the right name but is what cannot be changed in place. */
  private static boolean isOfAnotherShape(TableSnapshot snapshot) {
    Map<String, NfSet> sets = new HashMap<>();
    snapshot.sets().forEach(set -> sets.put(set.name(), set));
    Map<String, NfChain> chains = new HashMap<>();
    snapshot.chains().forEach(chain -> chains.put(chain.name(), chain));
    return BaseTable.sets().stream()
            .anyMatch(set -> !isLike(sets.getOrDefault(set.name(), set), set))
        || BaseTable.chains().stream()
            .anyMatch(chain -> !isLike(chains.getOrDefault(chain.name(), chain), chain))
        || snapshot.chains().stream()
            .anyMatch(chain -> EndpointChain.endpoints(chain.name()) > 0 && chain.hook() != null);
  }

  /** Comments aside: they cannot be changed, and change nothing. */
  private static boolean isLike(NfSet a, NfSet b) {
    return a.key().equals(b.key())
        && a.data().equals(b.data())
        && a.intervals() == b.intervals()
        && a.dynamic() == b.dynamic()
        && a.timeouts() == b.timeouts()
        && a.size() == b.size();
  }

  private static boolean isLike(NfChain a, NfChain b) {
    return java.util.Objects.equals(a.hook(), b.hook());
  }

  private void create() {
    transaction.add(new NfOperation.AddTable(BaseTable.DEFINITION));
    BaseTable.counters().forEach(counter -> transaction.add(new NfOperation.AddCounter(counter)));
    BaseTable.sets().forEach(set -> transaction.add(new NfOperation.AddSet(set)));
    Map<NfChain, List<NfRule>> chains = desiredChains();
    chains.keySet().forEach(chain -> transaction.add(new NfOperation.AddChain(chain)));
    chains
        .values()
        .forEach(rules -> rules.forEach(rule -> transaction.add(new NfOperation.AddRule(rule))));
    transaction.addAll(desired.additions());
  }

  private Map<NfChain, List<NfRule>> desiredChains() {
    Map<NfChain, List<NfRule>> chains = new LinkedHashMap<>();
    List<NfRule> rules = BaseTable.rules();
    for (NfChain chain : BaseTable.chains()) {
      chains.put(chain, rules.stream().filter(rule -> rule.chain().equals(chain.name())).toList());
    }
    for (int endpoints : new TreeSet<>(state.chains())) {
      chains.put(EndpointChain.chain(endpoints), EndpointChain.rules(endpoints));
    }
    return chains;
  }

  private void repair(TableSnapshot snapshot) {
    for (NfChain chain : snapshot.chains()) {
      int endpoints = EndpointChain.endpoints(chain.name());
      if (endpoints > 0) {
        state.hasChain(endpoints);
      }
    }
    Map<NfChain, List<NfRule>> chains = desiredChains();
    List<String> present = snapshot.chains().stream().map(NfChain::name).toList();
    List<String> names = chains.keySet().stream().map(NfChain::name).toList();
    List<String> strays = present.stream().filter(name -> !names.contains(name)).toList();

    addMissing(snapshot, present, chains);
    ElementChanges changes = compareElements(snapshot);
    transaction.addAll(changes.removals());
    List<NfOperation> newRules = new ArrayList<>();
    chains.forEach((chain, rules) -> compareRules(snapshot.rules(chain.name()), rules, newRules));
    strays.forEach(chain -> transaction.add(new NfOperation.FlushChain(TABLE, chain)));
    deleteStraySets(snapshot);
    strays.forEach(chain -> transaction.add(new NfOperation.DeleteChain(TABLE, chain)));
    deleteStrayCounters(snapshot);
    transaction.addAll(newRules);
    transaction.addAll(changes.additions());
  }

  private void addMissing(
      TableSnapshot snapshot, List<String> present, Map<NfChain, List<NfRule>> chains) {
    List<String> counters = snapshot.counters().stream().map(NfCounter::name).toList();
    for (NfCounter counter : BaseTable.counters()) {
      if (!counters.contains(counter.name())) {
        transaction.add(new NfOperation.AddCounter(counter));
      }
    }
    List<String> sets = snapshot.sets().stream().map(NfSet::name).toList();
    for (NfSet set : BaseTable.sets()) {
      if (!sets.contains(set.name())) {
        transaction.add(new NfOperation.AddSet(set));
      }
    }
    for (NfChain chain : chains.keySet()) {
      if (!present.contains(chain.name())) {
        transaction.add(new NfOperation.AddChain(chain));
      }
    }
  }

  private ElementChanges compareElements(TableSnapshot snapshot) {
    ElementChanges changes = new ElementChanges();
    for (NfSet set : BaseTable.sets()) {
      Map<Bytes, SetElement> wanted = desired.added(set);
      Map<Bytes, SetElement> right = new HashMap<>();
      for (SetElement element : snapshot.elements(set.name())) {
        if (element.equals(wanted.get(element.key()))) {
          right.put(element.key(), element);
        } else {
          changes.remove(set, element);
        }
      }
      wanted.forEach((key, element) -> {
        if (!right.containsKey(key)) {
          changes.add(set, element);
        }
      });
    }
    return changes;
  }

  /** Keeps the rules that are right up to the first that is not; from there on all are new. */
  private void compareRules(List<NfRule> present, List<NfRule> wanted, List<NfOperation> newRules) {
    int same = 0;
    while (same < Math.min(present.size(), wanted.size())
        && present.get(same).hasContentOf(wanted.get(same))) {
      same++;
    }
    for (NfRule rule : present.subList(same, present.size())) {
      transaction.add(new NfOperation.DeleteRule(TABLE, rule.chain(), rule.handle()));
    }
    for (NfRule rule : wanted.subList(same, wanted.size())) {
      newRules.add(new NfOperation.AddRule(rule));
    }
  }

  private void deleteStraySets(TableSnapshot snapshot) {
    List<String> names = BaseTable.sets().stream().map(NfSet::name).toList();
    for (NfSet set : snapshot.sets()) {
      if (!names.contains(set.name())) {
        transaction.add(new NfOperation.DeleteSet(TABLE, set.name()));
      }
    }
  }

  private void deleteStrayCounters(TableSnapshot snapshot) {
    List<String> names = BaseTable.counters().stream().map(NfCounter::name).toList();
    for (NfCounter counter : snapshot.counters()) {
      if (!names.contains(counter.name())) {
        transaction.add(new NfOperation.DeleteCounter(TABLE, counter.name()));
      }
    }
  }
}
