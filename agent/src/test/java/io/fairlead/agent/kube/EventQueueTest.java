package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.kube.EventQueue.Due;
import io.fairlead.agent.kube.EventQueue.Report;
import io.fairlead.agent.source.ObjectReference;
import io.fairlead.dataplane.model.ObjectKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventQueueTest {

  private long now = -5;
  private final EventQueue queue = new EventQueue(now);

  private static Report report(int number) {
    return new Report(
        ObjectReference.service(new ObjectKey("default", "s" + number)),
        "Conflict",
        "It has a conflict.");
  }

  private boolean tell() {
    Due due = queue.next(now);
    if (due != null) {
      queue.done(due, now);
    }
    return due != null;
  }

  @Test
  @DisplayName("equal reports are one, told with their number")
  void deduplicates() {
    assertThat(queue.next(now)).isNull();
    assertThat(queue.delay(now)).isEqualTo(-1);
    queue.add(report(1));
    queue.add(report(1));
    assertThat(queue.delay(now)).isZero();
    assertThat(queue.next(now)).isEqualTo(new Due(report(1), 2));
    assertThat(queue.next(now)).as("until it is told").isEqualTo(new Due(report(1), 2));
    assertThat(tell()).isTrue();
    assertThat(queue.delay(now)).isEqualTo(-1);
  }

  @Test
  @DisplayName("what was told is told again after five minutes, with all that came meanwhile")
  void repeats() {
    queue.add(report(1));
    assertThat(tell()).isTrue();
    queue.add(report(1));
    now += EventQueue.REPEAT_PERIOD - 10;
    queue.add(report(1));
    assertThat(tell()).isFalse();
    assertThat(queue.delay(now)).isEqualTo(10);
    now += 10;
    assertThat(queue.next(now)).isEqualTo(new Due(report(1), 2));
  }

  @Test
  @DisplayName("reports that come while one is being told are told with the next")
  void duringTelling() {
    queue.add(report(1));
    Due due = queue.next(now);
    assertThat(due).isNotNull();
    queue.add(report(1));
    queue.done(due, now);
    now += EventQueue.REPEAT_PERIOD;
    assertThat(queue.next(now)).isEqualTo(new Due(report(1), 1));
  }

  @Test
  @DisplayName("a burst, then one each period, and never more than a burst again")
  void rate() {
    for (int i = 0; i < 100; i++) {
      queue.add(report(i));
    }
    for (int i = 0; i < EventQueue.BURST; i++) {
      assertThat(tell()).as("%s", i).isTrue();
    }
    assertThat(tell()).isFalse();
    assertThat(queue.delay(now)).isEqualTo(EventQueue.TOKEN_PERIOD);
    now += EventQueue.TOKEN_PERIOD;
    assertThat(tell()).isTrue();
    assertThat(tell()).isFalse();
    now += 1000 * EventQueue.TOKEN_PERIOD;
    for (int i = 0; i < EventQueue.BURST; i++) {
      assertThat(tell()).isTrue();
    }
    assertThat(tell()).isFalse();
  }

  @Test
  @DisplayName("it never grows: what was told makes room, and otherwise the newest is forgotten")
  void bounded() {
    for (int i = 0; i < EventQueue.MOST + 10; i++) {
      queue.add(report(i));
    }
    int told = 0;
    for (int i = 0; i < 2 * EventQueue.MOST; i++) {
      told += tell() ? 1 : 0;
      now += EventQueue.TOKEN_PERIOD;
    }
    assertThat(told).isEqualTo(EventQueue.MOST);
    queue.add(report(EventQueue.MOST + 1));
    assertThat(queue.next(now)).isEqualTo(new Due(report(EventQueue.MOST + 1), 1));
  }
}
