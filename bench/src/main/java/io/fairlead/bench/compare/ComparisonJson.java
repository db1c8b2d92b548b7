package io.fairlead.bench.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.bench.compare.ComparedCell.Side;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A comparison for programs: {@code {"test", "level", "at-least", "environment": [{"fact", "old",
 * "new"}], "cells": [{"name", "params", "unit", "verdict", "old": {"n", "figure"}, "new": {"n",
 * "figure"}, "change", "p", "reason"}]}}. A side that lacks the cell, a change that cannot be told
 * or is from 0, and the p of a cell that was not tested, are left out.
 */
final class ComparisonJson {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ComparisonJson() {}

  static String of(Comparison comparison) throws IOException {
    ObjectNode root =
        MAPPER
            .createObjectNode()
            .put("test", "two-sided Mann-Whitney U, Holm's correction")
            .put("level", comparison.criteria().level())
            .put("at-least", comparison.criteria().atLeast());
    ArrayNode environment = root.putArray("environment");
    for (Comparison.Difference difference : comparison.environment()) {
      environment
          .addObject()
          .put("fact", difference.fact())
          .put("old", difference.before())
          .put("new", difference.after());
    }
    ArrayNode cells = root.putArray("cells");
    for (ComparedCell cell : comparison.cells()) {
      ObjectNode node = cells.addObject().put("name", cell.key().name());
      ObjectNode parameters = node.putObject("params");
      cell.key().parameters().forEach(parameters::put);
      node.put("unit", cell.key().unit()).put("verdict", cell.verdict().title());
      put(node, "old", cell.before());
      put(node, "new", cell.after());
      Double change = cell.change();
      if (change != null && Double.isFinite(change)) {
        node.put("change", change);
      }
      if (cell.probability() != null) {
        node.put("p", cell.probability());
      }
      node.put("reason", cell.reason());
    }
    return MAPPER.writeValueAsString(root);
  }

  private static void put(ObjectNode node, String name, @Nullable Side side) {
    if (side != null) {
      node.putObject(name).put("n", side.count()).put("figure", side.figure());
    }
  }
}
