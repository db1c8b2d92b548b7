/** What benchmarks measure with: programs that are timed, connections, and a client of an API. */
@NullMarked
package io.fairlead.bench.measure;

import org.jspecify.annotations.NullMarked;
