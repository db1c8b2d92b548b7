/** Makes the kernel forget flows that new rules would send elsewhere. */
@NullMarked
package io.fairlead.dataplane.service.conntrack;

import org.jspecify.annotations.NullMarked;
