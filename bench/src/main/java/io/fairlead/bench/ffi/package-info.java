/** Ways to call the C library, measured by the same exchanges with the kernel. */
@NullMarked
package io.fairlead.bench.ffi;

import org.jspecify.annotations.NullMarked;
