/**
 * Routes to the pods of other nodes, through VXLAN or directly over a shared link, from Node
 * records. {@link io.fairlead.overlay.Overlay} is the way in.
 */
@NullMarked
package io.fairlead.overlay;

import org.jspecify.annotations.NullMarked;
