package io.fairlead.bench.api;

import io.fairlead.dataplane.model.ObjectKey;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a path and its query name: /api/v1/nodes/a, /api/v1/namespaces/x/services?watch=true.
 *
 * @param namespace empty for all
 * @param name empty for the whole collection
 */
record RequestTarget(
    ApiResource resource, String namespace, String name, Map<String, String> parameters) {

  static RequestTarget parse(URI uri) throws ApiFailure {
    String path = uri.getPath();
    for (ApiResource resource : ApiResource.values()) {
      if (!path.startsWith(resource.root() + "/")) {
        continue;
      }
      String[] parts = path.substring(resource.root().length() + 1).split("/", -1);
      int at = resource.isNamespaced() && parts.length > 2 && parts[0].equals("namespaces") ? 2 : 0;
      if (parts[at].equals(resource.plural()) && parts.length <= at + 2) {
        return new RequestTarget(
            resource,
            at == 0 ? "" : parts[1],
            parts.length > at + 1 ? parts[at + 1] : "",
            query(uri.getRawQuery()));
      }
    }
    throw ApiFailure.noSuchPath();
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  ObjectKey key() {
    return new ObjectKey(namespace, name);
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  boolean flag(String name) {
    return parameter(name).equals("true") || parameter(name).equals("1");
  }

  /** A parameter that is a whole number not below zero, or {@code absent}. */
  long number(String name, long absent) throws ApiFailure {
    String text = parameter(name);
    if (text.isEmpty()) {
      return absent;
    }
    if (!text.matches("\\d{1,18}")) {
      throw ApiFailure.badRequest(name + ": Invalid value: \"" + text + "\"");
    }
    return Long.parseLong(text);
  }

  ObjectFilter filter() throws ApiFailure {
    String fields = parameter("fieldSelector");
    return ObjectFilter.of(resource, namespace, parameter("labelSelector"), fields);
  }
}
