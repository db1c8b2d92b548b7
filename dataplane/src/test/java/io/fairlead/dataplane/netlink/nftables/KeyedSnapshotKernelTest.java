package io.fairlead.dataplane.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.testing.Seed;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A large map is read by the keys that another describes, or else dumped (services 48)")
class KeyedSnapshotKernelTest {

  private final KeyedPopulation population = new KeyedPopulation(Seed.generator("keyed"));
  private final List<String> readings = new ArrayList<>();
  private TestNamespace namespace;
  private NfTablesSocket kernel;
  private NfTablesSocket other;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("keyed-test");
    kernel = namespace.call(NfTablesSocket::open);
    other = namespace.call(NfTablesSocket::open);
    kernel.commit(population.creation());
  }

  @AfterEach
  void close() {
    kernel.close();
    other.close();
    namespace.close();
  }

  /** What a kernel tells that tells counts. */
  private Map<String, Long> counts() throws IOException {
    return Map.of(KeyedPopulation.SLOTS.name(), (long) dumped().size());
  }

  private Set<SetElement> dumped() throws IOException {
    return new HashSet<>(other.elements(KeyedPopulation.SLOTS));
  }

  private Set<SetElement> read(KeySource keys, CountReading counts) throws IOException {
    readings.clear();
    NfTablesKernel noting = NotingKernel.of(kernel, counts, readings);
    TableSnapshot snapshot =
        SnapshotReader.read(noting, KeyedPopulation.table(), keys).orElseThrow();
    List<SetElement> elements = snapshot.elements(KeyedPopulation.SLOTS.name());
    Set<SetElement> unique = new HashSet<>(elements);
    assertThat(elements).hasSameSizeAs(unique);
    assertThat(snapshot.generation()).isEqualTo(other.generation());
    return unique;
  }

  /** How many elements sets have. */
  interface CountReading {
    Map<String, Long> read() throws IOException;
  }

  @Test
  void readingByKeysIsLikeADump() throws Exception {
    assertThat(read(population, this::counts)).isEqualTo(dumped());
    assertThat(readings).containsExactly("keys");
  }

  @Test
  void theKernelTellsTheCounts() throws Exception {
    Map<String, Long> counts = kernel.elementCounts(KeyedPopulation.table());
    long slots = dumped().size();
    assumeFalse(counts.isEmpty(), "this kernel tells no counts of sets: Linux 6.17 does");
    assertThat(counts)
        .containsEntry(KeyedPopulation.SLOTS.name(), slots)
        .containsEntry(
            KeyedPopulation.COUNTS.name(), (long) kernel.elements(KeyedPopulation.COUNTS).size());
    kernel.commit(population.change(population.someNumber(), false));
    assertThat(kernel.elementCounts(KeyedPopulation.table()))
        .containsEntry(KeyedPopulation.SLOTS.name(), slots - 1);
  }

  @Test
  void anElementMoreThanDescribedIsFoundByADump() throws Exception {
    SetElement stray = KeyedPopulation.slot(population.someNumber(), 60_000);
    kernel.commit(
        NfTransaction.of(new NfOperation.AddElements(KeyedPopulation.SLOTS, List.of(stray))));
    assertThat(read(population, this::counts)).isEqualTo(dumped()).contains(stray);
    assertThat(readings).containsExactly("dump");
  }

  @Test
  void anElementInPlaceOfAnotherIsFoundByADump() throws Exception {
    int number = population.someNumber();
    SetElement stray = KeyedPopulation.slot(number, 60_000);
    SetElement missing = KeyedPopulation.slot(number, 0);
    kernel.commit(
        NfTransaction.of(
            new NfOperation.DeleteElements(KeyedPopulation.SLOTS, List.of(missing)),
            new NfOperation.AddElements(KeyedPopulation.SLOTS, List.of(stray))));
    assertThat(read(population, this::counts))
        .isEqualTo(dumped())
        .contains(stray)
        .doesNotContain(missing);
    assertThat(readings).containsExactly("keys", "dump");
  }

  @Test
  void aDumpThatLacksWhatTheKernelCountsIsRepeated() throws Exception {
    long count = dumped().size();
    NfTablesKernel counting =
        NotingKernel.of(kernel, () -> Map.of(KeyedPopulation.SLOTS.name(), count + 1), readings);
    TableSnapshot snapshot =
        SnapshotReader.read(counting, KeyedPopulation.table(), KeySource.NONE).orElseThrow();
    assertThat(snapshot.elements(KeyedPopulation.SLOTS.name())).hasSize((int) count);
    assertThat(readings).hasSizeGreaterThan(1).containsOnly("dump");
  }

  @Test
  void aKernelThatTellsNoCountIsAskedForADump() throws Exception {
    assertThat(read(population, Map::of)).isEqualTo(dumped());
    assertThat(readings).containsExactly("dump");
  }

  @Test
  void keysThatAreNoneAreFollowedByADump() throws Exception {
    KeySource wrong =
        new Replaced(keys -> {
          List<Bytes> cut = new ArrayList<>();
          keys.forEach(key -> cut.add(key.slice(0, 4)));
          return cut;
        });
    assertThat(read(wrong, this::counts)).isEqualTo(dumped());
    assertThat(readings).containsExactly("keys", "dump");
  }

  @ParameterizedTest(name = "one more: {0}")
  @ValueSource(booleans = {true, false})
  void aChangeDuringTheReadingStartsItAgain(boolean more) throws Exception {
    List<NfTransaction> changes = new ArrayList<>();
    changes.add(population.change(population.someNumber(), more));
    KeySource disturbed = new Replaced(keys -> () -> new Disturbing(keys.iterator(), changes));
    assertThat(read(disturbed, this::counts)).isEqualTo(dumped());
    assertThat(changes).isEmpty();
    assertThat(readings).containsExactly("keys", "keys");
  }

  /** Other keys. */
  interface Replacement {
    Iterable<Bytes> of(Iterable<Bytes> keys);
  }

  /** The population's description with other keys. */
  private final class Replaced implements KeySource {

    private final Replacement replacement;

    Replaced(Replacement replacement) {
      this.replacement = replacement;
    }

    @Override
    public boolean describes(NfSet set) {
      return population.describes(set);
    }

    @Override
    public ExpectedKeys keys(NfSet set, Map<String, List<SetElement>> others) {
      ExpectedKeys right = population.keys(set, others);
      return new ExpectedKeys(right.count(), replacement.of(right.keys()));
    }
  }

  /** Makes one change in the midst of the keys. */
  private final class Disturbing implements Iterator<Bytes> {

    private final Iterator<Bytes> keys;
    private final List<NfTransaction> changes;
    private int passed;

    Disturbing(Iterator<Bytes> keys, List<NfTransaction> changes) {
      this.keys = keys;
      this.changes = changes;
    }

    @Override
    public boolean hasNext() {
      return keys.hasNext();
    }

    @Override
    public Bytes next() {
      if (++passed == SnapshotReader.KEYED_FROM / 2 && !changes.isEmpty()) {
        try {
          other.commit(changes.removeFirst());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return keys.next();
    }
  }
}
