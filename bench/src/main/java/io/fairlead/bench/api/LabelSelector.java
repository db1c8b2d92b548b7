package io.fairlead.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The labelSelector parameter: "a=b", "a==b", "a!=b", "a in (b,c)", "a notin (b,c)", "a", "!a",
 * joined by commas (Kubernetes, "Labels and Selectors").
 */
final class LabelSelector {

  private static final String KEY = "\\s*([A-Za-z0-9][A-Za-z0-9._/-]*)\\s*";
  private static final String VALUE = "\\s*([A-Za-z0-9]?[A-Za-z0-9._-]*)\\s*";
  private static final Pattern EQUALITY = Pattern.compile(KEY + "(==|=|!=)" + VALUE);
  private static final Pattern SET =
      Pattern.compile(KEY + "\\s(in|notin)\\s*\\(([A-Za-z0-9._,\\s-]*)\\)\\s*");
  private static final Pattern EXISTENCE = Pattern.compile("\\s*(!?)" + KEY);

  private final List<Predicate<JsonNode>> requirements;

  private LabelSelector(List<Predicate<JsonNode>> requirements) {
    this.requirements = requirements;
  }

  static LabelSelector parse(String text) throws ApiFailure {
    List<Predicate<JsonNode>> requirements = new ArrayList<>();
    // A comma inside parentheses separates values, not requirements.
    for (String part : text.split(",(?![^(]*\\))", -1)) {
      if (!part.isBlank()) {
        requirements.add(requirement(part));
      } else if (!text.isBlank()) {
        throw unparsable(text);
      }
    }
    return new LabelSelector(requirements);
  }

  private static Predicate<JsonNode> requirement(String part) throws ApiFailure {
    Matcher equality = EQUALITY.matcher(part);
    if (equality.matches()) {
      String key = equality.group(1);
      String value = equality.group(3);
      boolean equal = !equality.group(2).equals("!=");
      return labels -> value.equals(labels.path(key).asText(null)) == equal;
    }
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      String key = set.group(1);
      Set<String> values =
          Arrays.stream(set.group(3).split(",", -1)).map(String::strip).collect(Collectors.toSet());
      boolean inside = set.group(2).equals("in");
      return labels -> (labels.has(key) && values.contains(labels.path(key).asText())) == inside;
    }
    Matcher existence = EXISTENCE.matcher(part);
    if (existence.matches()) {
      boolean present = existence.group(1).isEmpty();
      String key = existence.group(2);
      return labels -> labels.has(key) == present;
    }
    throw unparsable(part);
  }

  private static ApiFailure unparsable(String text) {
    return ApiFailure.badRequest("unable to parse requirement: \"" + text + "\"");
  }

  /** Whether the selector lets everything through. */
  boolean isEmpty() {
    return requirements.isEmpty();
  }

  boolean matches(JsonNode object) {
    JsonNode labels = object.path("metadata").path("labels");
    return requirements.stream().allMatch(requirement -> requirement.test(labels));
  }
}
