/**
 * Host ports: ports of the node that lead to single pods, as a table of their own. Its rules never
 * change; a host port is an element of a map.
 */
@NullMarked
package io.fairlead.nftables.hostport;

import org.jspecify.annotations.NullMarked;
