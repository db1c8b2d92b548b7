/** Plots as SVG: pure functions of their data, with text that does not overlap. */
@NullMarked
package io.fairlead.bench.report.plot;

import org.jspecify.annotations.NullMarked;
