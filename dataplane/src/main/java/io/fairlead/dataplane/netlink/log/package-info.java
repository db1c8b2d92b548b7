/** Packets that rules report to a group (nfnetlink_log). */
@NullMarked
package io.fairlead.dataplane.netlink.log;

import org.jspecify.annotations.NullMarked;
