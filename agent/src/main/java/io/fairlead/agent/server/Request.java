package io.fairlead.agent.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks.
 *
 * @param path without the query
 * @param parameters of the query, decoded; of one that is repeated the last counts
 * @param body what was posted; empty for GET
 */
public record Request(String path, Map<String, String> parameters, String body) {

  public Request {
    parameters = Map.copyOf(parameters);
  }

  /** A parameter, null if it is not given. */
  public @Nullable String parameter(String name) {
    return parameters.get(name);
  }

  /** Whether a parameter is given as "true". */
  public boolean has(String name) {
    return "true".equals(parameters.get(name));
  }
}
