package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.ipvs.companion.InsideMark;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InsideMarksTest {

  private static PortId port(int number) {
    return new PortId(
        new ObjectKey("default", "web-" + number), "", Protocol.TCP, AddressFamily.IPV4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 14, 23, 24, 25, 26, 27, 28, 29, 30, 31})
  void noMarkAsksForMasquerade(int bit) {
    InsideMarks marks = new InsideMarks(1 << bit);
    Set<Integer> given = new HashSet<>();
    for (int number = 0; number < 40_000; number++) {
      given.add(marks.of(port(number)));
    }
    assertThat(given)
        .hasSize(40_000)
        .allMatch(InsideMark::isOne)
        .allMatch(mark -> (mark & 1 << bit) == 0);
  }

  @Test
  void aMarkThatAsksForMasqueradeIsNotKept() {
    InsideMarks marks = new InsideMarks(1 << 1);
    marks.adopt(port(1), 0x46000002);
    marks.adopt(port(2), 0x46000005);
    assertThat(marks.of(port(1))).isEqualTo(0x46000001);
    assertThat(marks.of(port(2))).isEqualTo(0x46000005);
    marks.release(0x46000001);
    assertThat(marks.of(port(3))).isEqualTo(0x46000001);
  }
}
