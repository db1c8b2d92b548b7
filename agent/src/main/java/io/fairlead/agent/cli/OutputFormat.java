package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.NearestMatch;
import io.fairlead.agent.server.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** How a command writes what it found. */
enum OutputFormat {
  TEXT,
  WIDE,
  JSON,
  YAML;

  private static final ObjectMapper JSON_MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final ObjectMapper YAML_MAPPER =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .build());

  /** The flag -o. */
  static OptionSpec option() {
    return OptionSpec.builder("-o", CommandLineTree.OUTPUT)
        .paramLabel("FORMAT")
        .type(String.class)
        .defaultValue("text")
        .completionCandidates(Arrays.stream(values()).map(OutputFormat::spelling).toList())
        .description("text, wide, json or yaml")
        .build();
  }

  /**
   * What was asked for.
   *
   * @throws ConfigurationException if there is no such format
   */
  static OutputFormat of(ParseResult parsed) throws ConfigurationException {
    String word = parsed.matchedOptionValue(CommandLineTree.OUTPUT, "text");
    List<String> spellings = Arrays.stream(values()).map(OutputFormat::spelling).toList();
    int index = spellings.indexOf(word);
    if (index < 0) {
      String nearest = NearestMatch.of(word, spellings);
      throw new ConfigurationException(
          List.of(
              "--output cannot be \""
                  + word
                  + "\". It is text, wide, json or yaml"
                  + (nearest == null ? "" : ". Did you mean " + nearest + "?")));
    }
    return values()[index];
  }

  String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether programs read it. */
  boolean isForMachines() {
    return this == JSON || this == YAML;
  }

  /** A record, or a list of records, for machines; ends with a line feed. */
  String render(Object report) {
    try {
      ObjectMapper mapper = this == YAML ? YAML_MAPPER : JSON_MAPPER;
      JsonNode tree = JSON_MAPPER.valueToTree(report);
      String text = mapper.writeValueAsString(tree);
      return text.endsWith("\n") ? text : text + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report is always JSON", e);
    }
  }

  /** One of many, as they come: a line of JSON, or a document of YAML. */
  String renderOne(Object report) {
    return this == YAML ? "---\n" + render(report) : Json.text(report) + "\n";
  }
}
