/**
 * Keeps tables of nf_tables: what a table shall consist of, what it takes to get there from what is
 * there, and who else changes it. For all backends that keep one; it knows what addresses of
 * Services look like in keys, which {@code netlink} does not.
 */
@NullMarked
package io.fairlead.dataplane.table;

import org.jspecify.annotations.NullMarked;
