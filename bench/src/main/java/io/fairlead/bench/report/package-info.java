/** The report that people look at: HTML and Markdown with plots, made of results. */
@NullMarked
package io.fairlead.bench.report;

import org.jspecify.annotations.NullMarked;
