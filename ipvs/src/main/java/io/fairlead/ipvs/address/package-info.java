/** Which addresses the node has, and the routes that make Services' addresses local to it. */
@NullMarked
package io.fairlead.ipvs.address;

import org.jspecify.annotations.NullMarked;
