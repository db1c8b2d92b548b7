/**
 * The image as operators run it: nodes are containers on a Docker network, each with an agent in a
 * container of its own beside it, as a pod of a DaemonSet on the host's network.
 */
@NullMarked
package io.fairlead.deploy.container;

import org.jspecify.annotations.NullMarked;
