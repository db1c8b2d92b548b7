/** IPVS over generic netlink: virtual servers, their real servers, and what the kernel counts. */
@NullMarked
package io.fairlead.dataplane.netlink.ipvs;

import org.jspecify.annotations.NullMarked;
