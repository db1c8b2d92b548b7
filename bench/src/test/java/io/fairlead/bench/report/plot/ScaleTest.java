package io.fairlead.bench.report.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fairlead.bench.report.plot.Scale.Linear;
import io.fairlead.bench.report.plot.Scale.Log;
import io.fairlead.bench.report.plot.Scale.Percentile;
import io.fairlead.bench.report.plot.Scale.Tick;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {

  @Test
  void aLinearScaleBeginsAtZeroAndEndsAtARoundNumber() {
    Linear scale = Linear.holding(443, 0, 100, 6);
    assertThat(labels(scale)).containsExactly("0", "100", "200", "300", "400", "500");
    assertThat(scale.at(0)).isZero();
    assertThat(scale.at(500)).isEqualTo(100);
    assertThat(scale.at(250)).isEqualTo(50);
    assertThat(labels(Linear.holding(0, 0, 100, 4))).contains("0").hasSizeGreaterThan(1);
    assertThat(labels(Linear.holding(0.3, 0, 100, 4))).containsExactly("0", "0.1", "0.2", "0.3");
  }

  @Test
  void aLogarithmicScaleGivesEachDecadeTheSameRoom() {
    Log scale = Log.holding(0.011, 8900, 0, 600);
    assertThat(scale.low()).isEqualTo(0.01, within(1e-9));
    assertThat(scale.high()).isEqualTo(10_000, within(1e-6));
    assertThat(scale.at(0.1) - scale.at(0.01)).isEqualTo(100, within(1e-9));
    assertThat(scale.at(10_000) - scale.at(1000)).isEqualTo(100, within(1e-9));
    assertThat(labels(scale)).contains("0.01", "1", "10,000", "").doesNotContain("2", "0.05");
  }

  @Test
  void aShortLogarithmicScaleLabelsTwosAndFives() {
    assertThat(labels(Log.holding(3, 42, 0, 100))).containsExactly("2", "5", "10", "20", "50");
    assertThat(labels(Log.holding(5, 5, 0, 100))).containsExactly("5", "10", "20", "50");
  }

  @Test
  void zeroIsDrawnAtTheLowEndOfALogarithmicScale() {
    Log scale = Log.holding(0, 10, 0, 100);
    assertThat(scale.at(0)).isZero();
    assertThat(scale.at(10)).isEqualTo(100, within(1e-9));
  }

  @Test
  void percentilesHaveTheSameRoomForEachNine() {
    Percentile scale = new Percentile(99.9, 0, 300);
    assertThat(scale.at(90)).isEqualTo(100, within(1e-6));
    assertThat(scale.at(99)).isEqualTo(200, within(1e-6));
    assertThat(scale.at(99.9)).isEqualTo(300, within(1e-6));
    assertThat(labels(scale)).containsExactly("0 %", "50 %", "90 %", "99 %", "99.9 %");
  }

  @Test
  void numbersHaveThreeDigits() {
    assertThat(Numbers.text(0.012345)).isEqualTo("0.0123");
    assertThat(Numbers.text(1)).isEqualTo("1");
    assertThat(Numbers.text(99.96)).isEqualTo("100");
    assertThat(Numbers.text(1234567.8)).isEqualTo("1,234,568");
    assertThat(Numbers.text(0)).isEqualTo("0");
    assertThat(Numbers.roundDown(0.3)).isEqualTo(0.2, within(1e-12));
    assertThat(Numbers.roundDown(5)).isEqualTo(5, within(1e-12));
    assertThat(Numbers.roundUp(5.1)).isEqualTo(10, within(1e-12));
  }

  private static List<String> labels(Scale scale) {
    return scale.ticks().stream().map(Tick::label).toList();
  }
}
