package io.fairlead.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChangesTest {

  @Test
  @DisplayName("a replacement leaves the number of endpoints, and never repeats an address")
  void replaced() {
    Population population = new Population(3, 4);
    Changes changes = new Changes(population, 1);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      Change change = changes.next(Change.Kind.REPLACED);
      assertThat(change.addresses()).hasSize(4).doesNotHaveDuplicates();
      assertThat(change.slice()).isZero();
      assertThat(seen.add(change.addresses().getFirst())).isTrue();
    }
  }

  @Test
  @DisplayName("scaling adds one endpoint and takes it away, in the last slice")
  void scaled() {
    Changes changes = new Changes(new Population(1, 100), 1);
    Change more = changes.next(Change.Kind.SCALED);
    Change less = changes.next(Change.Kind.SCALED);
    assertThat(more.addresses()).hasSize(101);
    assertThat(less.addresses()).hasSize(100);
    assertThat(more.slice()).isEqualTo(1);
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
