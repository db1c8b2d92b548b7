/** The embedded source: Kubernetes objects as YAML or JSON manifests in a watched folder. */
@NullMarked
package io.fairlead.agent.manifest;

import org.jspecify.annotations.NullMarked;
