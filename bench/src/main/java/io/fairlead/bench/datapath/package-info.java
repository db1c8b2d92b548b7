/** What packets meet: how long connections take and how much goes through, beside rivals. */
@NullMarked
package io.fairlead.bench.datapath;

import org.jspecify.annotations.NullMarked;
