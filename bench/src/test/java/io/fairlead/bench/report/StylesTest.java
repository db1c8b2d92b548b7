package io.fairlead.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.report.plot.Style;
import io.fairlead.bench.report.plot.Style.Marker;
import io.fairlead.bench.report.plot.Stylesheet;
import java.util.List;
import org.junit.jupiter.api.Test;

class StylesTest {

  /** What WCAG 2.2, success criterion 1.4.11, asks of graphics. */
  private static final double LEAST_CONTRAST = 3;

  @Test
  void everyColourCanBeSeenOnItsGround() {
    for (Style style : Styles.all()) {
      assertThat(contrast(style.light(), Stylesheet.LIGHT_GROUND))
          .as(style.name())
          .isGreaterThan(LEAST_CONTRAST);
      assertThat(contrast(style.dark(), Stylesheet.DARK_GROUND))
          .as(style.name())
          .isGreaterThan(LEAST_CONTRAST);
    }
  }

  @Test
  void contendersAreToldApartByShapeAndByColour() {
    List<String> contenders =
        List.of(
            "fairlead nftables",
            "fairlead iptables",
            "fairlead iptables-legacy",
            "fairlead ipvs",
            "kube-proxy's rules, nft",
            "kube-proxy iptables",
            "kube-proxy's rules, iptables-legacy",
            "kube-proxy's work, ipvs",
            "reference bridge",
            "floor: one map element");
    assertThat(contenders.stream().map(Styles::of))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(Styles.all());
    assertThat(Styles.of("fairlead").marker()).isEqualTo(Marker.CIRCLE);
    assertThat(Styles.of("ip -batch").marker()).isEqualTo(Marker.SQUARE);
    assertThat(Styles.of("floor: /bin/true").marker()).isEqualTo(Marker.DIAMOND);
  }

  private static double contrast(String one, String other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(String colour) {
    return 0.2126 * channel(colour, 1) + 0.7152 * channel(colour, 3) + 0.0722 * channel(colour, 5);
  }

  private static double channel(String colour, int at) {
    double value = Integer.parseInt(colour, at, at + 2, 16) / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }
}
