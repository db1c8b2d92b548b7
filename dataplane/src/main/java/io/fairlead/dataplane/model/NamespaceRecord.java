package io.fairlead.dataplane.model;

import java.util.Map;

/** What policies need of a Namespace (core/v1). */
public record NamespaceRecord(String name, Labels labels) {

  /** The label that the API server gives to every namespace, with the namespace's name. */
  public static final String NAME_LABEL = "kubernetes.io/metadata.name";

  /** A namespace that nothing is known of but its name. */
  public static NamespaceRecord unknown(String name) {
    return new NamespaceRecord(name, Labels.of(Map.of(NAME_LABEL, name)));
  }
}
