/** What the tests of every module stand on: network namespaces, golden vectors, seeds, leaks. */
@NullMarked
package io.fairlead.dataplane.testing;

import org.jspecify.annotations.NullMarked;
