package io.fairlead.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.result.Cell;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FloorsTest {

  private static final Cell OURS =
      cell(Map.of("contender", "fairlead nftables", "services", "1000", "endpoints", "2"), 3);
  private static final Cell ELEMENT =
      cell(Map.of("contender", "floor: one element", "services", "1000"), 0.5);
  private static final Cell LARGER =
      cell(Map.of("contender", "floor: one element", "services", "9000"), 0.1);
  private static final Cell PROCESS = cell(Map.of("contender", "floor: /bin/true"), 0.2);
  private static final Cell LAB =
      cell(Map.of("contender", "floor: one element", "kernel", "lab"), 0.01);

  private static Cell cell(Map<String, String> parameters, double median) {
    return new Cell("event-to-kernel", parameters, "ms", List.of(median));
  }

  @Test
  void theFloorHasMostParametersInCommon() {
    Floors floors = new Floors(List.of(OURS, PROCESS, LARGER, ELEMENT, LAB));
    assertThat(floors.of(OURS)).contains(ELEMENT);
    assertThat(floors.distance(OURS)).contains(6.0);
    assertThat(new Floors(List.of(OURS, PROCESS, LARGER)).of(OURS)).contains(PROCESS);
  }

  @Test
  void anotherSizeKernelOrFigureIsNoFloor() {
    assertThat(new Floors(List.of(OURS, LARGER, LAB)).of(OURS)).isEmpty();
    Cell other = new Cell("first-sync", ELEMENT.parameters(), "ms", List.of(1.0));
    assertThat(new Floors(List.of(OURS, other)).of(OURS)).isEmpty();
    Cell inLab = cell(Map.of("contender", "fairlead ipvs", "services", "1000", "kernel", "lab"), 3);
    assertThat(new Floors(List.of(inLab, ELEMENT, PROCESS)).of(inLab)).isEmpty();
    assertThat(new Floors(List.of(inLab, ELEMENT, LAB)).of(inLab)).contains(LAB);
  }

  @Test
  void aFloorHasNone() {
    assertThat(new Floors(List.of(PROCESS, ELEMENT)).of(ELEMENT)).isEmpty();
  }
}
