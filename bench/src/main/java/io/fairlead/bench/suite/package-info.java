/** All measurements in one run, each a process of its own, and the report of them. */
@NullMarked
package io.fairlead.bench.suite;

import org.jspecify.annotations.NullMarked;
