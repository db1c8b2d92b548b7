/** Generic netlink: families that the kernel numbers as they are loaded. */
@NullMarked
package io.fairlead.dataplane.netlink.generic;

import org.jspecify.annotations.NullMarked;
