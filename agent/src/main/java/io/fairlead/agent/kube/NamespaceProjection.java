package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Namespace (core/v1) to {@link NamespaceRecord}. */
final class NamespaceProjection {

  private NamespaceProjection() {}

  static Projected project(Namespace namespace) {
    List<String> problems = new ArrayList<>();
    String name = namespace.getMetadata().getName().intern();
    Map<String, String> given = namespace.getMetadata().getLabels();
    Map<String, String> labels = given == null ? new HashMap<>() : new HashMap<>(given);
    // The API server sets it; a manifest need not say it, and none may say otherwise.
    labels.put(Labels.NAMESPACE_NAME, name);
    NamespaceRecord record = new NamespaceRecord(name, Fields.labels(labels, problems));
    return new Projected(new NamespaceChanged(name, record), problems);
  }
}
