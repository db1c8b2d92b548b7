/**
 * Compact, immutable records of what fairlead knows: addresses, Services, EndpointSlices, Nodes.
 */
@NullMarked
package io.fairlead.dataplane.model;

import org.jspecify.annotations.NullMarked;
