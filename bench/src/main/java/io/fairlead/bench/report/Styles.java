package io.fairlead.bench.report;

import io.fairlead.bench.report.plot.Style;
import io.fairlead.bench.report.plot.Style.Marker;
import java.util.List;
import java.util.Locale;

/**
 * The look of contenders, the same in every plot: cold colours and circles are ours, warm ones and
 * squares our rivals', grey diamonds are floors. The hues are those of Okabe and Ito, which people
 * with any kind of colour vision tell apart, darkened where they would be too pale on white.
 */
final class Styles {

  private static final Style OUR_NFTABLES =
      new Style("our-nftables", "#0072b2", "#56b4e9", Marker.CIRCLE);
  private static final Style OUR_IPTABLES =
      new Style("our-iptables", "#00805e", "#2fc49a", Marker.CIRCLE);
  private static final Style OUR_LEGACY =
      new Style("our-legacy", "#3d8fc4", "#8fd0f5", Marker.CIRCLE);
  private static final Style OUR_IPVS = new Style("our-ipvs", "#4b3f9e", "#a79df0", Marker.CIRCLE);
  private static final Style THEIR_NFTABLES =
      new Style("their-nftables", "#d55e00", "#ff8a3d", Marker.SQUARE);
  private static final Style THEIR_IPTABLES =
      new Style("their-iptables", "#b87a00", "#e6a817", Marker.SQUARE);
  private static final Style THEIR_LEGACY =
      new Style("their-legacy", "#b5548a", "#de94bf", Marker.SQUARE);
  private static final Style THEIR_IPVS =
      new Style("their-ipvs", "#8c2d4b", "#e07a98", Marker.SQUARE);
  private static final Style OTHER = new Style("other", "#8a5a2b", "#cf9f6e", Marker.SQUARE);
  private static final Style FLOOR = new Style("floor", "#6e7681", "#98a1ab", Marker.DIAMOND);

  private Styles() {}

  static List<Style> all() {
    return List.of(
        OUR_NFTABLES,
        OUR_IPTABLES,
        OUR_LEGACY,
        OUR_IPVS,
        THEIR_NFTABLES,
        THEIR_IPTABLES,
        THEIR_LEGACY,
        THEIR_IPVS,
        OTHER,
        FLOOR);
  }

  static Style of(String contender) {
    String name = contender.toLowerCase(Locale.ROOT);
    return switch (Role.of(contender)) {
      case OURS -> choose(name, OUR_NFTABLES, OUR_IPTABLES, OUR_LEGACY, OUR_IPVS, OUR_NFTABLES);
      case RIVAL -> choose(name, THEIR_NFTABLES, THEIR_IPTABLES, THEIR_LEGACY, THEIR_IPVS, OTHER);
      case FLOOR -> FLOOR;
    };
  }

  private static Style choose(
      String name, Style nftables, Style iptables, Style legacy, Style ipvs, Style other) {
    if (name.contains("legacy")) {
      return legacy;
    }
    if (name.contains("ipvs")) {
      return ipvs;
    }
    if (name.contains("iptables")) {
      return iptables;
    }
    return name.contains("nft") ? nftables : other;
  }
}
