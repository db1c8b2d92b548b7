/** What benchmarks found, in a form for people and in one for programs. */
@NullMarked
package io.fairlead.bench.result;

import org.jspecify.annotations.NullMarked;
