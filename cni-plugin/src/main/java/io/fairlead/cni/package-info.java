/** The CNI plugin's work inside the agent. {@link CniService} is the way in. */
@NullMarked
package io.fairlead.cni;

import org.jspecify.annotations.NullMarked;
