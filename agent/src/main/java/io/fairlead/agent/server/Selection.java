package io.fairlead.agent.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which objects a report is to be about.
 *
 * @param namespace null for all
 * @param names none for all
 */
public record Selection(@Nullable String namespace, List<String> names) {

  /** All there are. */
  public static final Selection ALL = new Selection(null, List.of());

  public Selection {
    names = List.copyOf(names);
  }

  /** What the parameters {@code namespace} and {@code names}, separated by commas, ask for. */
  public static Selection of(Request request) {
    String names = request.parameter("names");
    return new Selection(
        request.parameter("namespace"),
        names == null || names.isEmpty() ? List.of() : Arrays.asList(names.split(",", -1)));
  }

  /** As a query, with its question mark; empty for all. */
  public String query() {
    StringBuilder query = new StringBuilder();
    if (namespace != null) {
      query.append("?namespace=").append(URLEncoder.encode(namespace, StandardCharsets.UTF_8));
    }
    if (!names.isEmpty()) {
      query
          .append(query.isEmpty() ? "?names=" : "&names=")
          .append(URLEncoder.encode(String.join(",", names), StandardCharsets.UTF_8));
    }
    return query.toString();
  }

  /** Whether an object of a namespace is meant. */
  public boolean includes(String ofNamespace, String name) {
    return (namespace == null || namespace.equals(ofNamespace)) && includes(name);
  }

  /** Whether an object without a namespace is meant. */
  public boolean includes(String name) {
    return names.isEmpty() || names.contains(name);
  }
}
