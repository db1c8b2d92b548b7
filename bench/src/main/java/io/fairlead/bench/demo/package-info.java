/** The demo: a sample cluster, checked with packets, a line per check. */
@NullMarked
package io.fairlead.bench.demo;

import org.jspecify.annotations.NullMarked;
