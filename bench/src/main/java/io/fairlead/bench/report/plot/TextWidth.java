package io.fairlead.bench.report.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * How wide a text gets, without its font: rather too wide than too narrow for the fonts that {@link
 * Stylesheet} asks for, since texts must not overlap whichever of them is there.
 */
final class TextWidth {

  private static final double NARROW = 0.36;
  private static final double COMMON = 0.62;
  private static final double CAPITAL = 0.72;
  private static final double WIDE = 0.98;
  private static final double BOLD = 1.12;

  private TextWidth() {}

  /** In pixels, of regular weight, for a font's size in pixels. */
  static double of(String text, double size) {
    double width = 0;
    for (int i = 0; i < text.length(); i++) {
      width += share(text.charAt(i));
    }
    return width * size;
  }

  static double ofBold(String text, double size) {
    return of(text, size) * BOLD;
  }

  private static double share(char letter) {
    if ("mwMW%@".indexOf(letter) >= 0) {
      return WIDE;
    }
    if (" il.,:;'|!()[]ftjr-/I".indexOf(letter) >= 0) {
      return letter == 'r' || letter == 'f' || letter == 't' || letter == '(' || letter == ')'
          ? 0.42
          : NARROW;
    }
    return Character.isUpperCase(letter) ? CAPITAL : COMMON;
  }

  /** The words in lines of at most {@code width} pixels; a longer word has a line of its own. */
  static List<String> wrap(String text, double size, double width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && of(line + " " + word, size) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** The text, or as much of its beginning as fits into {@code width} pixels, with an ellipsis. */
  static String shorten(String text, double size, double width) {
    if (of(text, size) <= width) {
      return text;
    }
    int end = text.length();
    while (end > 0 && of(text.substring(0, end) + "…", size) > width) {
      end--;
    }
    return text.substring(0, end) + "…";
  }
}
