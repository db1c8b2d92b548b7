/** What it costs a node that others join the cluster, beside the same entries by ip and bridge. */
@NullMarked
package io.fairlead.bench.overlay;

import org.jspecify.annotations.NullMarked;
