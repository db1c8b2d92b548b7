/**
 * Services as IPVS virtual servers over generic netlink, with routes that make their addresses
 * local, and a small nf_tables table for what IPVS cannot do.
 */
@NullMarked
package io.fairlead.ipvs;

import org.jspecify.annotations.NullMarked;
