package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The namespaces' labels. */
final class Namespaces {

  private final Map<String, NamespaceRecord> records = new HashMap<>();

  @Nullable NamespaceRecord get(String name) {
    return records.get(name);
  }

  /** Pods may arrive before their namespace: then its name is the only label that is known. */
  Labels labels(String name) {
    NamespaceRecord known = records.get(name);
    return known == null ? NamespaceRecord.unknown(name).labels() : known.labels();
  }

  void put(String name, @Nullable NamespaceRecord namespace) {
    if (namespace == null) {
      records.remove(name);
    } else {
      records.put(name, namespace);
    }
  }

  int size() {
    return records.size();
  }
}
