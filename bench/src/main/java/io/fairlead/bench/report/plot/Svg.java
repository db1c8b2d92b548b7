package io.fairlead.bench.report.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Writes the elements of an SVG image, one after the other. Coordinates are pixels of the view box,
 * from its upper left corner, and are rounded to a tenth. What elements look like is said by {@link
 * Stylesheet}'s classes. Not thread-safe.
 */
final class Svg {

  /** Where a text's coordinate is. */
  enum Anchor {
    START("start"),
    MIDDLE("middle"),
    END("end");

    private final String value;

    Anchor(String value) {
      this.value = value;
    }
  }

  private final StringBuilder body = new StringBuilder();

  /** An element without content; attributes in pairs of name and value, numbers as numbers. */
  Svg element(String name, Object... attributes) {
    body.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      body.append(' ').append(attributes[i]).append("=\"").append(value(attributes[i + 1]));
      body.append('"');
    }
    body.append("/>\n");
    return this;
  }

  Svg line(String style, double x1, double y1, double x2, double y2) {
    return element("line", "class", style, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
  }

  Svg text(String style, double x, double y, Anchor anchor, String text) {
    body.append("<text class=\"").append(style).append("\" x=\"").append(number(x));
    body.append("\" y=\"").append(number(y)).append('"');
    if (anchor != Anchor.START) {
      body.append(" text-anchor=\"").append(anchor.value).append('"');
    }
    body.append('>').append(escape(text)).append("</text>\n");
    return this;
  }

  /**
   * The whole image, as wide as where it is put, without a style sheet.
   *
   * @param id unique among the images of a page
   * @param title what it shows, for those who do not see it
   * @param description the same with figures
   */
  String image(String id, double width, double height, String title, String description) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 "
        + number(width)
        + " "
        + number(height)
        + "\" role=\"img\" aria-labelledby=\""
        + id
        + "-title "
        + id
        + "-description\">\n<title id=\""
        + id
        + "-title\">"
        + escape(title)
        + "</title>\n<desc id=\""
        + id
        + "-description\">"
        + escape(description)
        + "</desc>\n"
        + body
        + "</svg>\n";
  }

  private static String value(Object value) {
    return value instanceof Number number ? number(number.doubleValue()) : escape(value.toString());
  }

  /** Rounded to a tenth, without zeros that say nothing. */
  static String number(double value) {
    String text =
        BigDecimal.valueOf(value)
            .setScale(1, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
    return text.equals("-0") ? "0" : text;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
