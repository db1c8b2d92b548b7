package io.fairlead.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Times are milliseconds; the tracker starts at 1000. */
class ProgrammingLatencyTest {

  private static final ObjectKey WEB = new ObjectKey("default", "web");
  private static final ObjectKey DNS = new ObjectKey("kube-system", "dns");

  private final List<Double> observed = new ArrayList<>();
  private long now = 1000;
  private long setBack;
  private final ProgrammingLatency latency =
      new ProgrammingLatency(() -> now - setBack, () -> now, observed::add);

  @BeforeEach
  void fiveSecondsLater() {
    now = 6000;
  }

  private static EndpointSliceRecord slice(ObjectKey service, String name, long triggered) {
    return new EndpointSliceRecord(
        new ObjectKey(service.namespace(), name),
        service,
        AddressFamily.IPV4,
        List.of(),
        List.of(),
        triggered);
  }

  private void change(ObjectKey service, EndpointSliceRecord... slices) {
    latency.changed(service, List.of(slices));
  }

  private List<Double> commit() {
    observed.clear();
    latency.committed();
    return observed;
  }

  @Test
  @DisplayName("from the trigger to the commit, once")
  void once() {
    change(WEB, slice(WEB, "web-1", 4500));
    assertThat(observed).as("before the commit").isEmpty();
    assertThat(commit()).containsExactly(1.5);
    assertThat(commit()).isEmpty();
  }

  @Test
  @DisplayName("a clock that was wrong at the start, and is set back (faults 38)")
  void setBack() {
    setBack = 10_000_000;
    change(WEB, slice(WEB, "web-1", 4500 - setBack));
    assertThat(commit()).containsExactly(1.5);
    change(DNS, slice(DNS, "dns-1", 500 - setBack));
    assertThat(commit()).as("from before the start").isEmpty();
  }

  @Test
  @DisplayName("triggers from before the start, and no trigger at all (services 56)")
  void beforeStart() {
    change(WEB, slice(WEB, "web-1", 999), slice(WEB, "web-2", 1000), slice(WEB, "web-3", 0));
    change(DNS, slice(DNS, "dns-1", 1001));
    assertThat(commit()).containsExactly(4.999);
  }

  @Test
  @DisplayName("a slice whose trigger did not change tells nothing new (services 56)")
  void sameTrigger() {
    change(WEB, slice(WEB, "web-1", 5000), slice(WEB, "web-2", 5500));
    assertThat(commit()).containsExactlyInAnyOrder(1.0, 0.5);
    now = 9000;
    change(WEB, slice(WEB, "web-1", 5000), slice(WEB, "web-2", 8000));
    assertThat(commit()).containsExactly(1.0);
  }

  @Test
  @DisplayName("slices and Services that are deleted tell nothing (services 56)")
  void deletions() {
    change(WEB, slice(WEB, "web-1", 5000), slice(WEB, "web-2", 5500));
    change(DNS, slice(DNS, "dns-1", 5000));
    change(WEB, slice(WEB, "web-1", 5000));
    change(DNS);
    assertThat(commit()).containsExactly(1.0);
    change(WEB);
    assertThat(commit()).isEmpty();
  }

  @Test
  @DisplayName("a commit that fails lets the time run on, and adds up what changes meanwhile")
  void failedCommit() {
    change(WEB, slice(WEB, "web-1", 5000));
    now = 7000;
    change(WEB, slice(WEB, "web-1", 6500));
    now = 8000;
    assertThat(commit()).containsExactlyInAnyOrder(3.0, 1.5);
  }

  @Test
  @DisplayName("a trigger in the future, of a clock that is ahead, is no time at all")
  void future() {
    change(WEB, slice(WEB, "web-1", 60_000));
    assertThat(commit()).containsExactly(0.0);
  }
}
