package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.NumberField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Numbers with slots, so many that these are worth reading by keys, and how many each has. */
final class KeyedPopulation implements KeySource {

  private static final TableName TABLE = TableName.inet("keyed");

  /** How many slots a number has. */
  static final NfSet COUNTS =
      NfSet.map(TABLE, "counts", "", SetData.values(Fields.PRIORITY), Fields.IP_DADDR);

  /**
   * What is in each. Of limited size: the kernel's table does not grow then. While one grows, which
   * it does behind a transaction, dumps lack elements and have others twice.
   */
  static final NfSet SLOTS =
      new NfSet(
          TABLE,
          "slots",
          List.of(Fields.IP_DADDR, NumberField.random(65536)),
          SetData.values(Fields.IP_DADDR, Fields.TH_DPORT),
          false,
          false,
          false,
          0,
          2 * SnapshotReader.KEYED_FROM,
          false,
          "");

  private final Map<Integer, Integer> counts = new LinkedHashMap<>();
  private final RandomGenerator random;

  KeyedPopulation(RandomGenerator random) {
    this.random = random;
    int total = 0;
    while (total < SnapshotReader.KEYED_FROM + 1000) {
      int count = random.nextInt(2, 20);
      total += counts.putIfAbsent(random.nextInt(), count) == null ? count : 0;
    }
  }

  static TableName table() {
    return TABLE;
  }

  NfTransaction creation() {
    List<SetElement> numbers = new ArrayList<>();
    List<SetElement> slots = new ArrayList<>();
    counts.forEach((number, count) -> {
      numbers.add(number(number, count));
      IntStream.range(0, count).forEach(slot -> slots.add(slot(number, slot)));
    });
    return NfTransaction.of(
        new NfOperation.AddTable(NfTable.of(TABLE, "")),
        new NfOperation.AddSet(COUNTS),
        new NfOperation.AddSet(SLOTS),
        new NfOperation.AddElements(COUNTS, numbers),
        new NfOperation.AddElements(SLOTS, slots));
  }

  /** One that exists. */
  int someNumber() {
    return List.copyOf(counts.keySet()).get(random.nextInt(counts.size()));
  }

  /** Gives a number a slot more, or one less. */
  NfTransaction change(int number, boolean more) {
    int count = counts.getOrDefault(number, 0);
    int next = more ? count + 1 : count - 1;
    counts.put(number, next);
    return NfTransaction.of(
        new NfOperation.DeleteElements(COUNTS, List.of(number(number, count))),
        new NfOperation.AddElements(COUNTS, List.of(number(number, next))),
        more
            ? new NfOperation.AddElements(SLOTS, List.of(slot(number, count)))
            : new NfOperation.DeleteElements(SLOTS, List.of(slot(number, next))));
  }

  private static SetElement number(int number, int count) {
    return SetElement.of(key(number), Bytes.u32(count));
  }

  static SetElement slot(int number, int slot) {
    Bytes value = new KeyBuilder().address(new Ipv4Address(number ^ slot)).port(slot + 1).build();
    return SetElement.of(slotKey(key(number), slot), value);
  }

  private static Bytes key(int number) {
    return Bytes.of(new Ipv4Address(number));
  }

  private static Bytes slotKey(Bytes number, int slot) {
    return new KeyBuilder().padded(number).number(slot).build();
  }

  @Override
  public boolean describes(NfSet set) {
    return set.name().equals(SLOTS.name());
  }

  @Override
  public ExpectedKeys keys(NfSet set, Map<String, List<SetElement>> others) {
    List<Bytes> keys = new ArrayList<>();
    for (SetElement element : others.getOrDefault(COUNTS.name(), List.of())) {
      int count = ((ElementData.OfValue) element.data()).value().u32At(0);
      IntStream.range(0, count).forEach(slot -> keys.add(slotKey(element.key(), slot)));
    }
    return new ExpectedKeys(keys.size(), keys);
  }
}
