package io.fairlead.agent.kube;

import io.fairlead.dataplane.model.ObjectKey;

/** What two manifests have in common if they describe the same object. */
public record ManifestId(String kind, ObjectKey key) {}
