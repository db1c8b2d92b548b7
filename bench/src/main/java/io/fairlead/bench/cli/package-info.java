/** The command line {@code fairlead-bench}: a subcommand for each benchmark. */
@NullMarked
package io.fairlead.bench.cli;

import org.jspecify.annotations.NullMarked;
