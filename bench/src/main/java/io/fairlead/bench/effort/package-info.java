/** What a change costs besides time: messages, bytes, operations, allocation, processor time. */
@NullMarked
package io.fairlead.bench.effort;

import org.jspecify.annotations.NullMarked;
