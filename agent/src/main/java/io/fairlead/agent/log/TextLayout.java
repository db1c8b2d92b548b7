package io.fairlead.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * Lines for people: time (UTC), level, origin, sentence, and key=value pairs. What an object's name
 * may smuggle in, such as line breaks and terminal escapes, is shown as an escape sequence.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final String RESET = "\u001b[0m";

  private final boolean coloured;

  TextLayout(boolean coloured) {
    this.coloured = coloured;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
    line.append(' ');
    String level = event.getLevel().toString();
    if (coloured) {
      line.append(colour(event.getLevel())).append(level).append(RESET);
    } else {
      line.append(level);
    }
    line.append(" ".repeat(Math.max(1, 6 - level.length())));
    String origin = origin(event.getLoggerName());
    line.append(origin).append(" ".repeat(Math.max(1, 19 - origin.length())));
    escape(event.getFormattedMessage(), line);
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      for (KeyValuePair pair : pairs) {
        line.append(' ').append(pair.key).append('=');
        escape(String.valueOf(pair.value), line);
      }
    }
    line.append('\n');
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      // An exception's message may quote anybody: indented, no line of it looks like a message.
      for (String part : ThrowableProxyUtil.asString(thrown).split("\n", -1)) {
        if (!part.isBlank()) {
          escape(part.replace("\t", "  "), line.append("  "));
          line.append('\n');
        }
      }
    }
    return line.toString();
  }

  static String origin(String loggerName) {
    return loggerName.substring(loggerName.lastIndexOf('.') + 1);
  }

  private static String colour(Level level) {
    return switch (level.levelInt) {
      case Level.ERROR_INT -> "\u001b[31m";
      case Level.WARN_INT -> "\u001b[33m";
      default -> "\u001b[2m";
    };
  }

  /** Whether a terminal or an editor does something for it, such as to turn a line's direction. */
  private static boolean isObeyed(char c) {
    return Character.isISOControl(c)
        || switch (Character.getType(c)) {
          case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
          default -> false;
        };
  }

  private static void escape(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isObeyed(c)) {
        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
  }
}
