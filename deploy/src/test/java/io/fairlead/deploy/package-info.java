/** Holds what is deployed to what it promises. */
@NullMarked
package io.fairlead.deploy;

import org.jspecify.annotations.NullMarked;
