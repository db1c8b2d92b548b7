package io.fairlead.bench.compare;

import java.util.Map;

/** What cells are matched by. Parameters are ordered by name. */
public record CellKey(String name, Map<String, String> parameters, String unit) {}
