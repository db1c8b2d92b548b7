/** What a chaos run does to nodes and to the API server: a class for each kind of fault. */
@NullMarked
package io.fairlead.bench.chaos.fault;

import org.jspecify.annotations.NullMarked;
