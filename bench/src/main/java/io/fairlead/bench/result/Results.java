package io.fairlead.bench.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The cells of one run and where it ran.
 *
 * <p>As JSON: {@code {"environment": {NAME: TEXT}, "cells": [{"name", "params": {NAME: TEXT or
 * NUMBER}, "unit", "n", "p50", "p90", "p99", "max", "samples": [NUMBER]}]}}; samples are in the
 * order in which they were taken, percentiles are by nearest rank.
 */
public record Results(Map<String, String> environment, List<Cell> cells) {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final List<String> FIGURES = List.of("n", "p50", "p90", "p99", "max");

  /**
   * Reads what {@link #writeJson} has written. Its percentiles are not read: they follow from the
   * samples.
   *
   * @throws IOException with a sentence that names the file, and the cell and the field in it
   */
  public static Results read(Path file) throws IOException {
    return new ResultsReader(file).read();
  }

  public void writeJson(Path file) throws IOException {
    Files.writeString(file, toJson() + "\n");
  }

  public String toJson() throws IOException {
    ObjectNode root = MAPPER.createObjectNode();
    ObjectNode place = root.putObject("environment");
    environment.forEach(place::put);
    ArrayNode list = root.putArray("cells");
    for (Cell cell : cells) {
      ObjectNode node = list.addObject().put("name", cell.name());
      ObjectNode parameters = node.putObject("params");
      cell.parameters().forEach((key, value) -> put(parameters, key, value));
      node.put("unit", cell.unit())
          .put("n", cell.count())
          .put("p50", cell.percentile(50))
          .put("p90", cell.percentile(90))
          .put("p99", cell.percentile(99))
          .put("max", cell.maximum());
      ArrayNode samples = node.putArray("samples");
      cell.samples().forEach(samples::add);
    }
    return MAPPER.writeValueAsString(root);
  }

  /** A count as a number, everything else as text. */
  private static void put(ObjectNode parameters, String key, String value) {
    if (value.matches("0|[1-9]\\d{0,17}")) {
      parameters.put(key, Long.parseLong(value));
    } else {
      parameters.put(key, value);
    }
  }

  /** An aligned table for people: names to the left, figures to the right. */
  public String toTable() {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("", "", "unit"));
    head.addAll(FIGURES);
    rows.add(head);
    for (Cell cell : cells) {
      rows.add(
          List.of(
              cell.name(),
              String.join(", ", cell.parameters().values()),
              cell.unit(),
              Integer.toString(cell.count()),
              number(cell.percentile(50)),
              number(cell.percentile(90)),
              number(cell.percentile(99)),
              number(cell.maximum())));
    }
    int[] widths = new int[head.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - row.get(i).length());
        line.append(i > 2 ? padding + row.get(i) : row.get(i) + padding).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 1 ? "%.3f" : value < 100 ? "%.2f" : "%.0f", value);
  }
}
