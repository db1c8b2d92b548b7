/**
 * What single steps of the product cost, one at a time: JMH benchmarks, and the command for them.
 */
@NullMarked
package io.fairlead.bench.micro;

import org.jspecify.annotations.NullMarked;
