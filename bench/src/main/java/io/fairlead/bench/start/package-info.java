/** How long an agent takes to be ready, what it then holds, and the run that trains its cache. */
@NullMarked
package io.fairlead.bench.start;

import org.jspecify.annotations.NullMarked;
