package io.fairlead.agent.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/** One JSON object per line: time, level, origin, message, the key-value pairs, and the stack. */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public String doLayout(ILoggingEvent event) {
    StringWriter line = new StringWriter(256);
    try (JsonGenerator generator = JSON.createGenerator(line)) {
      generator.writeStartObject();
      generator.writeStringField("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
      generator.writeStringField("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
      generator.writeStringField("origin", TextLayout.origin(event.getLoggerName()));
      generator.writeStringField("message", event.getFormattedMessage());
      List<KeyValuePair> pairs = event.getKeyValuePairs();
      if (pairs != null) {
        for (KeyValuePair pair : pairs) {
          generator.writeFieldName(pair.key);
          if (pair.value instanceof Long || pair.value instanceof Integer) {
            generator.writeNumber(((Number) pair.value).longValue());
          } else {
            generator.writeString(String.valueOf(pair.value));
          }
        }
      }
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        generator.writeStringField("stack", ThrowableProxyUtil.asString(thrown));
      }
      generator.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return line.append('\n').toString();
  }
}
