package io.fairlead.bench.report.plot;

import java.util.Collection;

/**
 * What plots look like, on light and on dark ground, without variables, which not every program
 * that draws SVG knows.
 */
public final class Stylesheet {

  /** Of all texts, in pixels. */
  static final double SIZE = 13;

  /** Behind light plots. */
  public static final String LIGHT_GROUND = "#ffffff";

  /** Behind dark plots. */
  public static final String DARK_GROUND = "#14181d";

  private Stylesheet() {}

  /** Rules for the classes of all plots, and for these styles. */
  public static String of(Collection<Style> styles) {
    StringBuilder text = new StringBuilder();
    text.append(".plot text{font:13px system-ui,-apple-system,\"Segoe UI\",Roboto,")
        .append("\"DejaVu Sans\",sans-serif}\n")
        .append(".plot .label{font-weight:bold}\n")
        .append(".plot .band{fill-opacity:.35;stroke:none}\n")
        .append(".plot .dot{fill-opacity:.3;stroke:none}\n")
        .append(".plot .bar{fill-opacity:.55;stroke:none}\n")
        .append(".plot .path{fill:none;stroke-width:2}\n")
        .append(".plot .whisker{fill:none;stroke-width:2}\n")
        .append(".plot .leader{fill:none;stroke-width:1;stroke-dasharray:1 3}\n");
    look(text, LIGHT_GROUND, "#1f2328", "#59636e", "#d8dee4");
    styles.forEach(style -> style(text, style.name(), style.light()));
    text.append("@media (prefers-color-scheme:dark){\n");
    look(text, DARK_GROUND, "#e6edf3", "#9aa5b1", "#30363d");
    styles.forEach(style -> style(text, style.name(), style.dark()));
    return text.append("}\n").toString();
  }

  private static void look(
      StringBuilder text, String ground, String ink, String quiet, String grid) {
    text.append(".plot .ground{fill:").append(ground).append("}\n");
    text.append(".plot text{fill:").append(ink).append("}\n");
    text.append(".plot text.quiet{fill:").append(quiet).append("}\n");
    text.append(".plot .grid{stroke:").append(grid).append("}\n");
    text.append(".plot .mark{stroke:").append(ground).append("}\n");
  }

  private static void style(StringBuilder text, String name, String colour) {
    text.append(".plot .").append(name).append("{fill:").append(colour).append("}\n");
    for (String stroked : new String[] {"path", "whisker", "leader"}) {
      text.append(".plot .").append(stroked).append('.').append(name);
      text.append("{fill:none;stroke:").append(colour).append("}\n");
    }
  }
}
