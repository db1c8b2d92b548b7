package io.fairlead.agent.source;

import org.jspecify.annotations.Nullable;

/**
 * How a source is doing.
 *
 * @param origin what it reads: an API server's URL or a folder
 * @param synced whether everything that existed at the start has been delivered
 * @param problem a sentence if it cannot read at present; what was delivered stays valid
 * @param millisecondsSinceActivity since it last heard anything from its origin
 */
public record SourceStatus(
    String origin, boolean synced, @Nullable String problem, long millisecondsSinceActivity) {}
