package io.fairlead.ipvs;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.companion.AddressTreatment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A companion table in memory, which outlives those that use it as the kernel's does. */
final class FakeCompanion implements Companion {

  private final SortedMap<VirtualAddress, AddressTreatment> table = new TreeMap<>();
  private final SortedMap<IpAddress, Integer> hairpins = new TreeMap<>();
  private final SortedMap<VirtualAddress, AddressTreatment> additions = new TreeMap<>();
  private final Set<VirtualAddress> removals = new TreeSet<>();
  private @Nullable IOException nextFailure;

  /** Makes the next commit fail. */
  void failNext(IOException failure) {
    nextFailure = failure;
  }

  @Nullable AddressTreatment treatment(VirtualAddress address) {
    return table.get(address);
  }

  Map<IpAddress, Integer> hairpins() {
    return hairpins;
  }

  @Override
  public void settings(ServiceSettings settings) {}

  @Override
  public Found read() {
    Set<VirtualAddress> served = new TreeSet<>();
    Map<VirtualAddress, Integer> marks = new HashMap<>();
    table.forEach((address, treatment) -> {
      if (treatment.served()) {
        served.add(address);
      }
      if (treatment.insideMark() != 0) {
        marks.put(address, treatment.insideMark());
      }
    });
    return new Found(served, marks);
  }

  @Override
  public void treat(VirtualAddress address, @Nullable AddressTreatment treatment) {
    additions.remove(address);
    removals.remove(address);
    if (treatment != null) {
      additions.put(address, treatment);
    } else {
      removals.add(address);
    }
  }

  @Override
  public void hairpin(IpAddress endpoint, int difference) {
    hairpins.merge(endpoint, difference, Integer::sum);
    hairpins.values().removeIf(count -> count == 0);
  }

  @Override
  public List<String> commitAdditions() throws IOException {
    IOException failure = nextFailure;
    if (failure != null) {
      nextFailure = null;
      throw failure;
    }
    List<String> texts = new ArrayList<>();
    additions.forEach((address, treatment) -> {
      if (!treatment.equals(table.put(address, treatment))) {
        texts.add("treat " + address + ": " + text(treatment));
      }
    });
    additions.clear();
    return texts;
  }

  @Override
  public List<String> commitRemovals() {
    List<String> texts = new ArrayList<>();
    for (VirtualAddress address : removals) {
      if (table.remove(address) != null) {
        texts.add("forget " + address);
      }
    }
    removals.clear();
    return texts;
  }

  @Override
  public List<String> synchronize(
      Map<VirtualAddress, AddressTreatment> wanted, Map<IpAddress, Integer> allHairpins)
      throws IOException {
    additions.clear();
    removals.clear();
    additions.putAll(wanted);
    removals.addAll(table.keySet());
    removals.removeAll(wanted.keySet());
    hairpins.clear();
    hairpins.putAll(allHairpins);
    return commitAdditions();
  }

  @Override
  public List<String> remove() {
    table.clear();
    hairpins.clear();
    return List.of();
  }

  /** "virtual masquerade NODE mark 1 inside REFUSE outside DROP from [10.0.0.0/8] served". */
  static String text(AddressTreatment treatment) {
    return (treatment.virtual() ? "virtual" : "shared")
        + " masquerade "
        + treatment.masquerade()
        + (treatment.insideMark() == 0
            ? ""
            : " mark 0x" + Integer.toHexString(treatment.insideMark()))
        + (treatment.inside() == null ? "" : " inside " + treatment.inside())
        + (treatment.outside() == null ? "" : " outside " + treatment.outside())
        + (treatment.allowedSources() == null ? "" : " from " + treatment.allowedSources())
        + (treatment.served() ? " served" : "");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    table.forEach((address, treatment) ->
        text.append(address).append(": ").append(text(treatment)).append('\n'));
    return text + (hairpins.isEmpty() ? "" : "hairpins " + hairpins.keySet() + "\n");
  }
}
