package io.fairlead.bench.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Which objects of a kind a list or a watch is about. */
final class ObjectFilter {

  private final LabelSelector labels;
  private final List<Predicate<JsonNode>> fields = new ArrayList<>();
  private final String namespace;

  /**
   * @param namespace empty for all
   */
  private ObjectFilter(String namespace, LabelSelector labels) {
    this.namespace = namespace;
    this.labels = labels;
  }

  static ObjectFilter of(
      ApiResource resource, String namespace, String labelSelector, String fieldSelector)
      throws ApiFailure {
    ObjectFilter filter = new ObjectFilter(namespace, LabelSelector.parse(labelSelector));
    for (String requirement : fieldSelector.split(",", -1)) {
      if (!requirement.isBlank()) {
        filter.fields.add(field(resource, requirement));
      }
    }
    return filter;
  }

  private static Predicate<JsonNode> field(ApiResource resource, String requirement)
      throws ApiFailure {
    String[] sides = requirement.split("!?==?", 2);
    String path = sides[0].strip();
    if (sides.length != 2 || !resource.selectsBy(path)) {
      throw ApiFailure.badRequest("field label not supported: " + requirement);
    }
    JsonPointer field = JsonPointer.compile("/" + path.replace('.', '/'));
    boolean equal = requirement.indexOf('!') < 0;
    return object -> object.at(field).asText().equals(sides[1].strip()) == equal;
  }

  /** Whether more than the namespace narrows it; the server then cannot say how many remain. */
  boolean isSelective() {
    return !labels.isEmpty() || !fields.isEmpty();
  }

  boolean matches(JsonNode object) {
    return (namespace.isEmpty()
            || object.path("metadata").path("namespace").asText().equals(namespace))
        && labels.matches(object)
        && fields.stream().allMatch(field -> field.test(object));
  }
}
