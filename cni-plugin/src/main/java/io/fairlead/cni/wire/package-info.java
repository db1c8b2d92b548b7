/**
 * How the CNI binary and the agent talk: frames over a Unix stream socket, and the folder of
 * deletions that were queued while the agent was absent.
 */
@NullMarked
package io.fairlead.cni.wire;

import org.jspecify.annotations.NullMarked;
