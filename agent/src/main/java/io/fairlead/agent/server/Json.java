package io.fairlead.agent.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reports as JSON, with the names of their records' components. */
public final class Json {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private Json() {}

  /** A record, or a list of records, on one line. */
  public static String text(Object report) {
    try {
      return MAPPER.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report is always JSON", e);
    }
  }

  /** A record, or a list of records, as an answer. */
  public static Reply reply(Object report) {
    return new Reply(200, "application/json", text(report));
  }

  /**
   * Reads what {@link #text} wrote; what this version does not know is passed over.
   *
   * @throws JsonProcessingException if it is something else
   */
  public static <T> T parse(String json, Class<T> type) throws JsonProcessingException {
    return MAPPER.readValue(json, type);
  }
}
