package io.fairlead.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The two patches that are understood; neither changes what it is given. */
enum Patch {

  /** RFC 7396: objects merge, null removes, all else replaces. */
  MERGE("application/merge-patch+json") {
    @Override
    JsonNode list(String field, @Nullable JsonNode before, ArrayNode patch) {
      return patch;
    }
  },

  /** The same, but some lists merge by a key of their members (patchMergeKey in types.go). */
  STRATEGIC("application/strategic-merge-patch+json") {
    @Override
    JsonNode list(String field, @Nullable JsonNode before, ArrayNode patch) {
      String key = MERGE_KEYS.get(field);
      if (key == null || !(before instanceof ArrayNode list)) {
        return patch;
      }
      ArrayNode merged = list.deepCopy();
      for (JsonNode member : patch) {
        int at = indexOf(merged, key, member);
        if (at < 0) {
          merged.add(member);
        } else {
          merged.set(at, apply(merged.get(at), member));
        }
      }
      return merged;
    }
  };

  private static final Map<String, String> MERGE_KEYS =
      Map.of("addresses", "type", "conditions", "type", "ports", "port");

  private final String contentType;

  Patch(String contentType) {
    this.contentType = contentType;
  }

  static Patch of(String contentType) throws ApiFailure {
    String type = contentType.split(";", 2)[0].strip();
    for (Patch patch : values()) {
      if (patch.contentType.equals(type)) {
        return patch;
      }
    }
    throw ApiFailure.unsupportedMediaType(type);
  }

  abstract JsonNode list(String field, @Nullable JsonNode before, ArrayNode patch);

  JsonNode apply(@Nullable JsonNode before, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch.deepCopy();
    }
    ObjectNode result =
        before instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    changes
        .properties()
        .forEach(change -> {
          String field = change.getKey();
          switch (change.getValue()) {
            case JsonNode value when value.isNull() -> result.remove(field);
            case ArrayNode list -> result.set(field, list(field, result.get(field), list));
            case JsonNode value -> result.set(field, apply(result.get(field), value));
          }
        });
    return result;
  }

  private static int indexOf(ArrayNode list, String key, JsonNode member) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path(key).equals(member.path(key))) {
        return i;
      }
    }
    return -1;
  }
}
