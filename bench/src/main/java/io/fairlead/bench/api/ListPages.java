package io.fairlead.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists, whole or in pages. All pages of a list show the state at its first page, as etcd's
 * snapshots do; the state is kept until {@link #expire}. Thread-safe.
 */
final class ListPages {

  /** More lists than this are not read at the same time; the oldest is forgotten. */
  private static final int SNAPSHOTS = 32;

  private final ApiStore store;
  private final Map<String, Rest> rests =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Rest> eldest) {
          return size() > SNAPSHOTS;
        }
      };
  private long lists;

  /** What a continue token stands for. */
  private record Rest(
      ApiResource resource, long version, List<ObjectNode> objects, boolean exact) {}

  ListPages(ApiStore store) {
    this.store = store;
  }

  /**
   * Answers a list request.
   *
   * @param limit objects on a page; 0 for all
   * @param token of the page before, or empty
   */
  ObjectNode list(ApiResource resource, ObjectFilter filter, int limit, String token)
      throws ApiFailure {
    Rest rest = token.isEmpty() ? begin(resource, filter) : resume(resource, token);
    List<ObjectNode> objects = rest.objects();
    int count = limit == 0 ? objects.size() : Math.min(limit, objects.size());
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("kind", resource.kind() + "List").put("apiVersion", resource.apiVersion());
    ObjectNode metadata = answer.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(rest.version()));
    if (count < objects.size()) {
      metadata.put("continue", remember(rest, count));
      if (rest.exact()) {
        metadata.put("remainingItemCount", objects.size() - count);
      }
    }
    ArrayNode items = answer.putArray("items");
    objects.subList(0, count).forEach(object -> items.add(item(object)));
    return answer;
  }

  /** The kind of a list's members is that of the list; the API server does not repeat it. */
  private static ObjectNode item(ObjectNode object) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> property : object.properties()) {
      if (!property.getKey().equals("kind") && !property.getKey().equals("apiVersion")) {
        item.set(property.getKey(), property.getValue());
      }
    }
    return item;
  }

  private Rest begin(ApiResource resource, ObjectFilter filter) {
    ApiStore.Snapshot snapshot = store.snapshot(resource);
    List<ObjectNode> matching = snapshot.objects().stream().filter(filter::matches).toList();
    return new Rest(resource, snapshot.version(), matching, !filter.isSelective());
  }

  private synchronized Rest resume(ApiResource resource, String token) throws ApiFailure {
    Rest rest = rests.get(token);
    if (rest == null || rest.resource() != resource) {
      throw ApiFailure.continueExpired();
    }
    return rest;
  }

  private synchronized String remember(Rest rest, int from) {
    byte[] name = ("list " + ++lists + " at " + rest.version()).getBytes(StandardCharsets.UTF_8);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(name);
    List<ObjectNode> remaining = rest.objects().subList(from, rest.objects().size());
    rests.put(token, new Rest(rest.resource(), rest.version(), remaining, rest.exact()));
    return token;
  }

  /** Makes every continue token given so far worthless. */
  synchronized void expire() {
    rests.clear();
  }
}
