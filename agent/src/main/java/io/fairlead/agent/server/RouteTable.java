package io.fairlead.agent.server;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What answers the paths of a server; paths may join while it listens. Thread-safe. */
public final class RouteTable implements Function<String, Route> {

  private final Map<String, Route> routes = new ConcurrentHashMap<>();
  private volatile boolean complete;

  /** Adds paths, each beginning with a slash. */
  public RouteTable add(Map<String, Route> more) {
    routes.putAll(more);
    return this;
  }

  /** From now on, a path that is not there is unknown; until then the server is starting. */
  public RouteTable complete() {
    complete = true;
    return this;
  }

  /** The paths that are answered, in order. */
  public Set<String> paths() {
    return new TreeMap<>(routes).keySet();
  }

  @Override
  public Route apply(String path) {
    Route route = routes.get(path);
    if (route != null) {
      return route;
    }
    return Route.of(
        complete
            ? () -> Reply.text(404, "There is nothing here. Try " + String.join(", ", paths()))
            : () -> Reply.text(503, "The agent is starting."));
  }
}
