package io.fairlead.agent.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/**
 * How an execution of a plugin ended.
 *
 * @param what the command and what it was about, for messages
 */
record Answer(String what, int exit, String stdout, String stderr, Duration duration) {

  private static final int SHOWN = 300;

  boolean isSuccess() {
    return exit == 0;
  }

  /** What was printed on stdout, or on stderr if that was nothing, shortened, in one line. */
  String shown() {
    String text = (stdout.isBlank() ? stderr : stdout).strip().replaceAll("\\s+", " ");
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }

  /** Requires success; returns this. */
  Answer succeeded() throws Unmet {
    Unmet.require(isSuccess(), what + " failed with exit status " + exit + ": " + shown());
    return this;
  }

  /** Requires success with nothing on stdout, as everything but ADD and VERSION ends. */
  Answer succeededSilently() throws Unmet {
    succeeded();
    Unmet.require(stdout.isBlank(), what + " printed on stdout, where nothing belongs: " + shown());
    return this;
  }

  /** Requires success, and returns what was printed: one JSON object and nothing else. */
  JsonNode object() throws Unmet {
    succeeded();
    return Json.object(what, stdout);
  }

  /** Requires an exit status that is not 0 and an error object on stdout, which it returns. */
  JsonNode error() throws Unmet {
    Unmet.require(!isSuccess(), what + " succeeded: " + shown());
    JsonNode error = Json.object(what + " exited with " + exit + " and", stdout);
    Unmet.require(
        error.path("code").isIntegralNumber() && error.path("code").asInt() > 0,
        what + ": the error object has no positive number \"code\": " + shown());
    Unmet.require(
        !error.path("msg").asText().isBlank(),
        what + ": the error object has no text \"msg\": " + shown());
    return error;
  }

  /** As {@link #error}, with one of these codes. */
  JsonNode error(int... codes) throws Unmet {
    JsonNode error = error();
    int code = error.path("code").asInt();
    for (int allowed : codes) {
      if (code == allowed) {
        return error;
      }
    }
    throw new Unmet(what + ": code " + code + " in place of " + list(codes) + ": " + shown());
  }

  private static String list(int... codes) {
    StringBuilder text = new StringBuilder();
    for (int code : codes) {
      text.append(text.isEmpty() ? "" : " or ").append(code);
    }
    return text.toString();
  }

  /** JSON, read without forgiveness. */
  static final class Json {

    private Json() {}

    static JsonNode object(String what, String text) throws Unmet {
      try {
        JsonNode json = NetworkList.JSON.readTree(text);
        Unmet.require(
            json.isObject(),
            what + " printed no JSON object on stdout, but \"" + text.strip() + "\"");
        return json;
      } catch (JsonProcessingException e) {
        throw new Unmet(
            what
                + " printed something that is not one JSON object on stdout: \""
                + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text.strip())
                + "\"");
      }
    }
  }
}
