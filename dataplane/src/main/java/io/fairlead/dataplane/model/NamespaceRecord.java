package io.fairlead.dataplane.model;

/** What policies need of a Namespace (core/v1). */
public record NamespaceRecord(String name, Labels labels) {}
