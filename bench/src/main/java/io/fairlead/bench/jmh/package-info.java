/** JMH, run by commands: its results become samples. */
@NullMarked
package io.fairlead.bench.jmh;

import org.jspecify.annotations.NullMarked;
