/** The socket at which the CNI binary delivers its requests. */
@NullMarked
package io.fairlead.agent.cni;

import org.jspecify.annotations.NullMarked;
