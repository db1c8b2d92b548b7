/** The {@code fairlead} command line. */
@NullMarked
package io.fairlead.agent.cli;

import org.jspecify.annotations.NullMarked;
