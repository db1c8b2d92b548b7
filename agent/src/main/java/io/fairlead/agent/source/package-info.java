/** What every source of cluster objects offers, whether an API server or a folder. */
@NullMarked
package io.fairlead.agent.source;

import org.jspecify.annotations.NullMarked;
