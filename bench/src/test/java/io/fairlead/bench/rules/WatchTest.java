package io.fairlead.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.rules.Attempt.Outcome;
import io.fairlead.bench.rules.Change.Kind;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When traffic counts as moved; addresses are those of the change below. */
class WatchTest {

  private static final Changes CHANGES = new Changes(new Population(1, 2), 1);
  private static final long OLD = 0x0A800000L; // 10.128.0.0
  private static final long NEW = 0x0AEF0000L; // 10.239.0.0, as new as it gets

  private static Attempt attempt(int begin, Outcome outcome, long address) {
    return new Attempt(begin, begin + 1, begin + 5, outcome, address);
  }

  private static Attempt answered(int begin, long address) {
    return attempt(begin, Outcome.ANSWERED, address);
  }

  private static long seen(Watch watch) throws Exception {
    return watch.await(Duration.ofSeconds(1));
  }

  @Test
  @DisplayName("an endpoint is replaced when the new one answers")
  void replaced() throws Exception {
    Watch watch = Watch.of(CHANGES.next(Kind.REPLACED));
    watch.saw(answered(10, OLD));
    watch.saw(attempt(20, Outcome.REFUSED, 0));
    assertThat(watch.isDone()).isFalse();
    watch.saw(answered(30, NEW));
    assertThat(seen(watch)).isEqualTo(35);
  }

  @Test
  @DisplayName(
      "all endpoints are replaced at the first answer of a new one that no old one follows")
  void rolled() throws Exception {
    CHANGES.preparing(Kind.ROLLED);
    Watch watch = Watch.of(CHANGES.next(Kind.ROLLED));
    watch.saw(answered(10, NEW));
    watch.saw(answered(20, OLD));
    for (int begin = 30; !watch.isDone(); begin += 10) {
      assertThat(begin).isLessThan(200);
      watch.saw(answered(begin, NEW));
    }
    assertThat(seen(watch)).isEqualTo(35);
  }

  @Test
  @DisplayName("a Service is gone since the first connection after which none is answered")
  void deleted() throws Exception {
    CHANGES.preparing(Kind.DELETED);
    Watch watch = Watch.of(CHANGES.next(Kind.DELETED));
    watch.saw(attempt(10, Outcome.UNANSWERED, 0));
    watch.saw(answered(12, OLD));
    watch.saw(attempt(20, Outcome.UNANSWERED, 0));
    watch.saw(answered(15, OLD)); // began before it
    watch.saw(attempt(30, Outcome.REFUSED, 0));
    assertThat(watch.isDone()).isFalse();
    watch.saw(attempt(40, Outcome.REFUSED, 0));
    assertThat(seen(watch)).as("when its packet was sent").isEqualTo(21);
  }
}
