/**
 * A Kubernetes API server for tests: over real HTTP and, where it matters to a client, as strict
 * and as awkward as the real one. See {@link io.fairlead.bench.api.ApiServerDouble}.
 */
@NullMarked
package io.fairlead.bench.api;

import org.jspecify.annotations.NullMarked;
