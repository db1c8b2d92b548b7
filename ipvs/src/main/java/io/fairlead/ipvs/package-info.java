/**
 * Services as IPVS virtual servers over generic netlink, for --proxy-mode ipvs. Empty until that
 * backend is built: it will hold the IPVS codec, virtual and real servers, schedulers, drains and
 * the nf_tables companion table.
 */
@NullMarked
package io.fairlead.ipvs;

import org.jspecify.annotations.NullMarked;
