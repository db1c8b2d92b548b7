package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.ForNode;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import io.fairlead.dataplane.model.EndpointSliceRecord.Hints;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads hints. A cluster has as many different ones as it has nodes or zones and as many endpoints
 * as it has pods, so equal hints are kept once. Thread-safe.
 */
final class EndpointHintsReader {

  /** More than there are nodes in a cluster. Beyond it, those of nodes long gone are forgotten. */
  private static final int MOST_SHARED = 10_000;

  private static final Map<Hints, Hints> SHARED = new ConcurrentHashMap<>();

  private EndpointHintsReader() {}

  static Hints read(@Nullable EndpointHints given) {
    if (given == null) {
      return Hints.NONE;
    }
    List<String> nodes = names(given.getForNodes(), ForNode::getName);
    List<String> zones = names(given.getForZones(), ForZone::getName);
    if (nodes.isEmpty() && zones.isEmpty()) {
      return Hints.NONE;
    }
    if (SHARED.size() >= MOST_SHARED) {
      SHARED.clear();
    }
    return SHARED.computeIfAbsent(new Hints(nodes, zones), hints -> hints);
  }

  private static <T> List<String> names(
      @Nullable List<T> entries, Function<T, @Nullable String> name) {
    return entries == null
        ? List.of()
        : entries.stream()
            .filter(Objects::nonNull)
            .map(name)
            .filter(text -> text != null && !text.isEmpty())
            .map(text -> Objects.requireNonNull(text).intern())
            .toList();
  }
}
