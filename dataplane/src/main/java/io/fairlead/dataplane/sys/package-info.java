/** The system-call boundary: the only package that names java.lang.foreign. */
@NullMarked
package io.fairlead.dataplane.sys;

import org.jspecify.annotations.NullMarked;
