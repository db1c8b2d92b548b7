package io.fairlead.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.rules.Change.Kind;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangesTest {

  @Test
  @DisplayName("a replacement leaves the number of endpoints, and never repeats an address")
  void replaced() {
    Changes changes = new Changes(new Population(3, 4), 1);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      assertThat(changes.preparing(Kind.REPLACED)).isEmpty();
      Change change = changes.next(Kind.REPLACED);
      assertThat(change.addresses()).hasSize(4).doesNotHaveDuplicates().contains(change.fresh());
      assertThat(change.before()).hasSize(4).doesNotContain(change.fresh());
      assertThat(seen.add(change.fresh())).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"SCALED, 0, 100", "ADDED, 0, 4", "DELETED, 4, 0", "ROLLED, 100, 100"})
  @DisplayName("every kind is prepared so that it is the same each time")
  void others(Kind kind, int before, int after) {
    Changes changes = new Changes(new Population(3, 4), 1);
    for (int i = 0; i < 3; i++) {
      changes.preparing(kind);
      Change change = changes.next(kind);
      assertThat(change.kind()).isEqualTo(kind);
      assertThat(change.service()).isGreaterThanOrEqualTo(Population.FIRST_SPARE);
      assertThat(change.before()).hasSize(before).noneMatch(change.addresses()::contains);
      assertThat(change.addresses()).hasSize(after);
    }
  }

  @Test
  @DisplayName("the texts are read as the records they stand for")
  void texts() throws Exception {
    Records records = new Records();
    ServiceRecord service = records.service(300);
    assertThat(service.key()).isEqualTo(Population.key(300));
    assertThat(service.clusterIps()).extracting(Object::toString).containsExactly("10.96.2.51");
    List<String> addresses = new Population(1, 150).addresses(0);
    List<EndpointSliceRecord> slices = records.slices(0, addresses);
    assertThat(slices).extracting(slice -> slice.endpoints().size()).containsExactly(100, 50);
    assertThat(slices).allMatch(slice -> slice.service().equals(Population.key(0)));
    byte[] empty = ObjectText.slice(0, 2, addresses).getBytes(StandardCharsets.UTF_8);
    assertThat(records.slice(empty).endpoints()).isEmpty();
  }
}
