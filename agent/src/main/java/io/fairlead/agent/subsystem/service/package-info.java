/**
 * Services of a node: records become fragments, fragments are claimed, claims are rendered by the
 * backend of the proxy mode, and what depends on them follows (stale flows, health ports, metrics).
 */
@NullMarked
package io.fairlead.agent.subsystem.service;

import org.jspecify.annotations.NullMarked;
