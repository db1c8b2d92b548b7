package io.fairlead.agent.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hours, minutes and seconds as Go writes them in kube-proxy's configuration: 1h30m. */
public final class DurationText {

  private static final Pattern DURATION =
      Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s)?");

  private DurationText() {}

  /** Null if {@code word} is no duration. */
  public static @Nullable Duration parse(String word) {
    if (word.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION.matcher(word);
    if (word.isEmpty() || !matcher.matches()) {
      return null;
    }
    return Duration.ofHours(number(matcher.group(1)))
        .plusMinutes(number(matcher.group(2)))
        .plusSeconds(number(matcher.group(3)));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
