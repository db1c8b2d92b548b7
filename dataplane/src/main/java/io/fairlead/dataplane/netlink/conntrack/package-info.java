/** Connection tracking (ctnetlink): what flows the kernel remembers, and making it forget some. */
@NullMarked
package io.fairlead.dataplane.netlink.conntrack;

import org.jspecify.annotations.NullMarked;
