package io.fairlead.agent.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the YAML of a configuration file: one mapping from keys to words or lists of words. Each
 * problem becomes a sentence with the file's name, line and column, and reading goes on after it.
 */
final class ConfigurationFile {

  private static final YAMLFactory YAML = new YAMLFactory();

  private final String name;
  private final List<String> problems;
  private final Map<ConfigurationKey, LocatedValue> values = new EnumMap<>(ConfigurationKey.class);

  private ConfigurationFile(String name, List<String> problems) {
    this.name = name;
    this.problems = problems;
  }

  /**
   * Reads {@code bytes}.
   *
   * @param name of the file, for problems
   * @param problems gains a sentence for every problem
   */
  static Map<ConfigurationKey, LocatedValue> read(
      String name, byte[] bytes, List<String> problems) {
    ConfigurationFile file = new ConfigurationFile(name, problems);
    try (JsonParser parser = YAML.createParser(new String(bytes, StandardCharsets.UTF_8))) {
      file.document(parser);
    } catch (JsonProcessingException e) {
      problems.add(
          file.place(e.getLocation())
              + " is not YAML: "
              + YamlMessage.of(e)
              + ". Write one \"key: value\" per line");
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
    return file.values;
  }

  private void document(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return;
    }
    if (first != JsonToken.START_OBJECT) {
      problems.add(
          place(parser.currentTokenLocation()) + " must be a mapping: one \"key: value\" per line");
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      entry(parser);
    }
    if (parser.nextToken() != null) {
      problems.add(
          place(parser.currentTokenLocation())
              + " begins a second YAML document. Put every key into the first one");
    }
  }

  private void entry(JsonParser parser) throws IOException {
    String spelled = parser.currentName();
    String keyPlace = place(parser.currentTokenLocation());
    ConfigurationKey key = key(spelled);
    JsonToken token = parser.nextToken();
    String valuePlace = place(parser.currentTokenLocation());
    List<String> words = words(parser, token);
    if (key == null) {
      problems.add(keyPlace + " has the unknown key \"" + spelled + "\". " + suggestion(spelled));
    } else if (values.containsKey(key)) {
      problems.add(keyPlace + " repeats " + spelled + ". Remove one of the two");
    } else if (words == null
        || words.isEmpty()
        || (token == JsonToken.START_ARRAY && !key.isList())) {
      problems.add(valuePlace + " gives " + spelled + " " + expectation(key));
    } else {
      values.put(key, new LocatedValue(words, valuePlace));
    }
  }

  private static String expectation(ConfigurationKey key) {
    return key.isList()
        ? "something else than a list of words. Write [" + key.label() + "]"
        : "something else than one word. Write " + key.key() + ": " + key.label();
  }

  /** The words at the parser's token, or null if it holds anything but words. */
  private static @Nullable List<String> words(JsonParser parser, JsonToken token)
      throws IOException {
    if (token.isScalarValue()) {
      return token == JsonToken.VALUE_NULL ? null : List.of(parser.getText());
    }
    if (token == JsonToken.START_OBJECT) {
      parser.skipChildren();
      return null;
    }
    List<String> words = new ArrayList<>();
    boolean valid = true;
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      if (t.isScalarValue() && t != JsonToken.VALUE_NULL) {
        words.add(parser.getText());
      } else {
        parser.skipChildren();
        valid = false;
      }
    }
    return valid ? words : null;
  }

  private static @Nullable ConfigurationKey key(String spelled) {
    for (ConfigurationKey key : ConfigurationKey.values()) {
      if (key.key().equals(spelled)) {
        return key;
      }
    }
    return null;
  }

  private static String suggestion(String spelled) {
    List<String> keys =
        Arrays.stream(ConfigurationKey.values()).map(ConfigurationKey::key).toList();
    String nearest = NearestMatch.of(spelled, keys);
    return nearest != null
        ? "Did you mean " + nearest + "?"
        : "The keys are " + String.join(", ", keys);
  }

  private String place(@Nullable JsonLocation location) {
    return location == null
        ? name
        : name + ":" + location.getLineNr() + ":" + location.getColumnNr();
  }
}
