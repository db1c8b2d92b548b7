package io.fairlead.agent.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RoundRecorderTest {

  private static final ObjectKey WEB = new ObjectKey("default", "web");

  private final AtomicLong now = new AtomicLong(1000);
  private final History history = new History();
  private final RoundRecorder recorder = new RoundRecorder(history, now::get);

  private RoundReport last() {
    return history.rounds(_ -> true).getLast().report();
  }

  @Test
  @DisplayName("a round tells its events, how long they took, and what was done")
  void round() {
    recorder.begin(1000);
    recorder.event(new ServiceChanged(WEB, null, "a.yaml:1"), Effect.DELETED, WEB, 400_000);
    now.set(1_500_000);
    recorder.did("services", List.of("delete x", "add y"));
    recorder.returned("services", null);
    recorder.returned("overlay", null);
    recorder.committed(3_400_000);
    recorder.end();
    RoundReport round = last();
    assertThat(round.events())
        .containsExactly(
            new RoundReport.Event("Service", "default/web", "deleted", "a.yaml:1", ""));
    assertThat(round.latencyMicroseconds()).isEqualTo(3000);
    assertThat(round.steps())
        .containsExactly(
            new RoundReport.Step("services", List.of("delete x", "add y"), 0, 1499, "done"));
  }

  @Test
  @DisplayName("what did nothing is no entry: no effect, other pods, subsystems without work")
  void nothing() {
    recorder.begin(1000);
    recorder.event(new ServiceChanged(WEB, null), Effect.NONE, WEB, 0);
    recorder.event(new PodChanged(WEB, null), Effect.DELETED, null, 0);
    recorder.did("services", List.of());
    recorder.returned("services", null);
    recorder.end();
    assertThat(history.rounds(_ -> true)).isEmpty();
    recorder.because("somebody else did it");
    recorder.end();
    assertThat(last().events()).as("not those of an earlier round").isEmpty();
    assertThat(last().latencyMicroseconds()).isEqualTo(-1);
    assertThat(last().causes()).containsExactly("somebody else did it");
  }

  @Test
  @DisplayName("a failure is an entry, with its problem, and so is what an audit finds")
  void failures() {
    recorder.begin(1000);
    recorder.returned("policies", "the kernel refuses");
    recorder.end();
    assertThat(last().steps().getFirst().result()).isEqualTo("the kernel refuses; it is retried");
    recorder.audit(true);
    recorder.did("services", List.of("add x"));
    recorder.audit(false);
    recorder.end();
    assertThat(last().causes()).singleElement().asString().contains("audit");
  }

  @Test
  @DisplayName("of many operations and events the first are kept, and the others counted")
  void bounded() {
    for (int i = 0; i < 100; i++) {
      recorder.event(new ServiceChanged(WEB, null), Effect.CHANGED, WEB, 0);
    }
    recorder.did("services", Collections.nCopies(100_000, "add x".repeat(1000)));
    recorder.end();
    RoundReport round = last();
    assertThat(round.events()).hasSize(RoundRecorder.MOST);
    assertThat(round.moreEvents()).isEqualTo(100 - RoundRecorder.MOST);
    RoundReport.Step step = round.steps().getFirst();
    assertThat(step.operations()).hasSize(RoundRecorder.MOST);
    assertThat(step.operations().getFirst()).hasSizeLessThan(600);
    assertThat(step.moreOperations()).isEqualTo(100_000 - RoundRecorder.MOST);
  }

  @Test
  @DisplayName("the ring is bounded by number and by bytes, and tells what it forgot")
  void ring() {
    for (int i = 0; i < History.CAPACITY + 10; i++) {
      recorder.did("services", List.of("add " + i));
      recorder.end();
    }
    assertThat(history.rounds(_ -> true)).hasSize(History.CAPACITY);
    assertThat(history.forgotten()).isEqualTo(10);
    assertThat(last().number()).isEqualTo(History.CAPACITY + 10);

    History small = new History(10_000);
    RoundRecorder other = new RoundRecorder(small, now::get);
    for (int i = 0; i < 100; i++) {
      other.did("services", List.of("x".repeat(450)));
      other.end();
    }
    assertThat(small.rounds(_ -> true)).hasSizeBetween(5, 20);
  }

  @Test
  @DisplayName("texts are made when they are read, not before")
  void lazy() {
    List<String> made = new ArrayList<>();
    Object operation =
        new Object() {
          @Override
          public String toString() {
            made.add("text");
            return "add x";
          }
        };
    recorder.did("services", List.of(operation));
    recorder.end();
    assertThat(made).isEmpty();
    assertThat(last().steps().getFirst().operations()).containsExactly("add x");
  }

  @Test
  @DisplayName("followers hear of each round until they leave")
  void followers() throws Exception {
    List<Long> heard = new ArrayList<>();
    try (AutoCloseable following = history.follow(round -> heard.add(round.number()))) {
      assertThat(following).isNotNull();
      recorder.because("a");
      recorder.end();
    }
    recorder.because("b");
    recorder.end();
    assertThat(heard).containsExactly(1L);
  }

  @Test
  @DisplayName("a Service's slices belong to it, also one that is gone")
  void filter() {
    recorder.event(
        new EndpointSliceChanged(new ObjectKey("default", "web-1"), null, "7"),
        Effect.DELETED,
        WEB,
        0);
    recorder.did("services", List.of("delete x"));
    recorder.end();
    assertThat(history.rounds(of(null, "service/default/web", null))).hasSize(1);
    assertThat(history.rounds(of("1h", "svc/default/web", "services"))).hasSize(1);
    assertThat(history.rounds(of(null, "service/default/other", null))).isEmpty();
    assertThat(history.rounds(of(null, null, "policies"))).isEmpty();
    assertThat(history.rounds(RoundFilter.of("5m", null, null, Long.MAX_VALUE))).isEmpty();
  }

  private static RoundFilter of(
      @Nullable String since, @Nullable String object, @Nullable String subsystem) {
    return RoundFilter.of(since, object, subsystem, Round.steadyNow());
  }
}
