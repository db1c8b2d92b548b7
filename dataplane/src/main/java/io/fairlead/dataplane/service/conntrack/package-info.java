/** Makes the kernel forget UDP flows to what is no endpoint of a Service any more. */
@NullMarked
package io.fairlead.dataplane.service.conntrack;

import org.jspecify.annotations.NullMarked;
