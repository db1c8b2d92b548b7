package io.fairlead.bench.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@link Results#writeJson} writes; errors name the file, the cell and the field. */
final class ResultsReader {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;

  ResultsReader(Path file) {
    this.file = file;
  }

  Results read() throws IOException {
    JsonNode root = parse();
    if (!root.isObject()) {
      throw wrong("a result is an object with environment and cells, not " + kind(root));
    }
    Map<String, String> environment = new LinkedHashMap<>();
    JsonNode place = field(root, "environment", "the result");
    requireObject(place, "environment");
    for (Map.Entry<String, JsonNode> fact : place.properties()) {
      environment.put(
          fact.getKey(), scalar(fact.getValue(), "environment, \"" + fact.getKey() + "\""));
    }
    JsonNode list = field(root, "cells", "the result");
    if (!list.isArray()) {
      throw wrong("cells is a list, not " + kind(list));
    }
    List<Cell> cells = new ArrayList<>();
    for (JsonNode node : list) {
      cells.add(cell(node, cells.size() + 1));
    }
    return new Results(environment, List.copyOf(cells));
  }

  private JsonNode parse() throws IOException {
    try {
      return MAPPER.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    } catch (JsonProcessingException e) {
      throw new IOException(
          file
              + ", line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": this is no JSON: "
              + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Cell cell(JsonNode node, int number) throws IOException {
    String place = "cell " + number;
    requireObject(node, place);
    String name = text(node, "name", place);
    place += " (" + name + ")";
    Map<String, String> parameters = new LinkedHashMap<>();
    JsonNode given = field(node, "params", place);
    requireObject(given, place + ", params");
    for (Map.Entry<String, JsonNode> parameter : given.properties()) {
      String where = place + ", params, \"" + parameter.getKey() + "\"";
      parameters.put(parameter.getKey(), scalar(parameter.getValue(), where));
    }
    return new Cell(name, parameters, text(node, "unit", place), samples(node, place));
  }

  private List<Double> samples(JsonNode node, String place) throws IOException {
    JsonNode list = field(node, "samples", place);
    if (!list.isArray() || list.isEmpty()) {
      throw wrong(place + ": samples is a list of one number or more, not " + kind(list));
    }
    List<Double> samples = new ArrayList<>();
    for (JsonNode sample : list) {
      if (!sample.isNumber() || !Double.isFinite(sample.doubleValue())) {
        throw wrong(
            place + ": sample " + (samples.size() + 1) + " is a number, not " + kind(sample));
      }
      samples.add(sample.doubleValue());
    }
    JsonNode count = field(node, "n", place);
    if (!count.isIntegralNumber() || count.longValue() != samples.size()) {
      throw wrong(place + ": n is " + count + ", but there are " + samples.size() + " samples");
    }
    return samples;
  }

  private JsonNode field(JsonNode node, String name, String place) throws IOException {
    JsonNode value = node.get(name);
    if (value == null) {
      throw wrong(place + " has no field " + name);
    }
    return value;
  }

  private String text(JsonNode node, String name, String place) throws IOException {
    JsonNode value = field(node, name, place);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw wrong(place + ": " + name + " is a text, not " + kind(value));
    }
    return value.textValue();
  }

  private String scalar(JsonNode value, String place) throws IOException {
    if (!value.isTextual() && !value.isNumber()) {
      throw wrong(place + " is a text or a number, not " + kind(value));
    }
    return value.asText();
  }

  private void requireObject(JsonNode node, String place) throws IOException {
    if (!node.isObject()) {
      throw wrong(place + " is an object, not " + kind(node));
    }
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> node.isEmpty() ? "an empty list" : "a list";
      case OBJECT -> "an object";
      case MISSING -> "nothing";
      case STRING, NUMBER, BOOLEAN, NULL, BINARY, POJO -> node.toString();
    };
  }

  private IOException wrong(String sentence) {
    return new IOException(file + ": " + sentence);
  }
}
