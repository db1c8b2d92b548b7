package io.fairlead.bench.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void whatHasRoomStaysWhereItWouldBe() {
    assertThat(Spread.tops(List.of(50.0, 20.0), List.of(10.0, 10.0), 0, 100))
        .containsExactly(45.0, 15.0);
  }

  @Test
  void whatWantsOnePlaceIsPutBesideEachOther() {
    assertThat(Spread.tops(List.of(50.0, 50.0, 50.0), List.of(10.0, 20.0, 10.0), 0, 100))
        .containsExactly(45.0, 55.0, 75.0);
  }

  @Test
  void nothingLeavesTheRoom() {
    assertThat(Spread.tops(List.of(99.0, 100.0, 1.0), List.of(20.0, 20.0, 20.0), 0, 100))
        .containsExactly(60.0, 80.0, 0.0);
  }
}
