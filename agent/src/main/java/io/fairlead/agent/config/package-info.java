/**
 * The configuration: one documented YAML file whose every key is also a flag, read with all of its
 * problems reported at once, and watched.
 */
@NullMarked
package io.fairlead.agent.config;

import org.jspecify.annotations.NullMarked;
