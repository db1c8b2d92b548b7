package io.fairlead.bench.memory;

import io.fairlead.bench.rules.Population;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an agent holds: Services, and perhaps pods with NetworkPolicies. */
record Cluster(Population services, io.fairlead.bench.policy.@Nullable Population policies) {

  /** Contender and sizes. */
  Map<String, String> parameters(String contender) {
    Map<String, String> parameters = new TreeMap<>(services.parameters(contender));
    if (policies != null) {
      parameters.putAll(policies.parameters());
    }
    return parameters;
  }

  String title() {
    return services.title() + (policies == null ? "" : ", " + policies.title());
  }
}
