/** Netlink itself: sockets, messages, attributes and errors, whatever the family. */
@NullMarked
package io.fairlead.dataplane.netlink;

import org.jspecify.annotations.NullMarked;
