/** Watching a folder for changes. */
@NullMarked
package io.fairlead.agent.watch;

import org.jspecify.annotations.NullMarked;
