/**
 * Services as chains of the iptables tables nat and filter, for --proxy-mode iptables. Empty until
 * that backend is built: it will hold the chains per service and endpoint, the dispatch tree over
 * address bits, and the writer that commits only changed chains.
 */
@NullMarked
package io.fairlead.iptables;

import org.jspecify.annotations.NullMarked;
