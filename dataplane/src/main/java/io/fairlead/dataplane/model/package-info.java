/**
 * Compact, immutable records of what fairlead knows: addresses, Services, EndpointSlices, Nodes,
 * pods and what policies say of them.
 */
@NullMarked
package io.fairlead.dataplane.model;

import org.jspecify.annotations.NullMarked;
