package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.ElementData;
import io.fairlead.dataplane.netlink.nftables.ExpectedKeys;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.KeySource;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.FieldList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The keys of the endpoints' maps: frontends say how many slots they have. */
record SlotKeys() implements KeySource {

  /** The frontends of each map of endpoints, by its name. */
  private static final Map<String, FrontendSets> FRONTENDS = frontends();

  private static Map<String, FrontendSets> frontends() {
    Map<String, FrontendSets> byName = new HashMap<>();
    for (AddressFamily family : AddressFamily.values()) {
      ServiceSets sets = ServiceSets.of(family);
      byName.put(sets.virtual().endpoints().name(), sets.virtual());
      byName.put(sets.nodePorts().endpoints().name(), sets.nodePorts());
    }
    return byName;
  }

  @Override
  public boolean describes(NfSet set) {
    return FRONTENDS.containsKey(set.name());
  }

  @Override
  public ExpectedKeys keys(NfSet set, Map<String, List<SetElement>> others) {
    FrontendSets frontends = FRONTENDS.get(set.name());
    if (frontends == null) {
      throw new IllegalArgumentException(set.name() + " is not a map of endpoints");
    }
    List<SetElement> all = elements(frontends.services(), others);
    List<SetElement> local = elements(frontends.localServices(), others);
    long count = Stream.concat(all.stream(), local.stream()).mapToLong(SlotKeys::endpoints).sum();
    return new ExpectedKeys(
        count, () -> Stream.concat(keys(all, 0), keys(local, FrontendSets.LOCAL_SLOTS)).iterator());
  }

  /** Without those whose keys are not like ours: somebody else may have made the set. */
  private static List<SetElement> elements(NfSet set, Map<String, List<SetElement>> others) {
    int length = FieldList.length(set.key());
    return others.getOrDefault(set.name(), List.of()).stream()
        .filter(element -> element.key().length() == length)
        .toList();
  }

  private static Stream<Bytes> keys(List<SetElement> frontends, int firstSlot) {
    KeyBuilder builder = new KeyBuilder();
    return frontends.stream()
        .flatMap(frontend ->
            IntStream.range(firstSlot, firstSlot + endpoints(frontend))
                .mapToObj(slot -> builder.padded(frontend.key()).number(slot).build()));
  }

  /** The number of endpoints; 0 if it is nothing that we would have written. */
  private static int endpoints(SetElement frontend) {
    if (!(frontend.data() instanceof ElementData.OfValue data) || data.value().length() != 4) {
      return 0;
    }
    Target target = Target.of(data.value().u32At(0));
    return target == null ? 0 : target.endpoints();
  }
}
