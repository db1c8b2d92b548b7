package io.fairlead.cni.protocol;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Quantities as Kubernetes writes them: a decimal number with a suffix for a power of 1000 ("10M"),
 * one of 1024 ("1Gi"), or an exponent ("1e6").
 */
final class Quantity {

  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(?:([eE][+-]?\\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)");

  private static final Map<String, Integer> DECIMAL =
      Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);

  private static final String BINARY = "KMGTPE";

  private Quantity() {}

  /** The number that {@code text} stands for, or null if it is no quantity. */
  static @Nullable BigDecimal parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (text.length() > 64 || !matcher.matches()) {
      return null;
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String exponent = matcher.group(2);
    String suffix = matcher.group(3);
    if (exponent != null) {
      return number.scaleByPowerOfTen(Integer.parseInt(exponent.substring(1)));
    }
    if (suffix == null) {
      return number;
    }
    if (suffix.endsWith("i")) {
      int power = BINARY.indexOf(suffix.charAt(0)) + 1;
      return number.multiply(BigDecimal.valueOf(1024).pow(power));
    }
    return number.scaleByPowerOfTen(DECIMAL.getOrDefault(suffix, 0));
  }
}
