package io.fairlead.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** The chart, rendered by Helm itself. Stateless. */
public final class Chart {

  static final YAMLMapper YAML = new YAMLMapper();

  /** Of the project, with pom.xml and docs. */
  public static final Path ROOT = Path.of(System.getProperty("fairlead.root", ".."));

  static final Path FOLDER = ROOT.resolve("deploy/chart/fairlead");

  /** Where the plain manifests are meant to go. */
  static final String NAMESPACE = "kube-system";

  private Chart() {}

  /**
   * What Helm makes of the chart.
   *
   * @param values YAML, over the chart's own
   * @throws IllegalStateException with Helm's sentence if it refuses them
   */
  public static String text(String values) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, values);
        return new Helm(FOLDER)
            .template()
            .withName("fairlead")
            .withNamespace(NAMESPACE)
            .withKubeVersion("1.36.0")
            .withValuesFile(file)
            .call();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<ObjectNode> objects(String values) {
    return parse(text(values));
  }

  /** The objects of YAML documents. */
  public static List<ObjectNode> parse(String documents) {
    List<ObjectNode> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> nodes = YAML.readerFor(JsonNode.class).readValues(documents)) {
      while (nodes.hasNext()) {
        if (nodes.next() instanceof ObjectNode object) {
          objects.add(object);
        }
      }
      return objects;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one object of a kind. */
  public static ObjectNode only(List<ObjectNode> objects, String kind) {
    List<ObjectNode> found =
        objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects of kind " + kind);
    }
    return found.getFirst();
  }

  public static JsonNode pod(List<ObjectNode> objects) {
    return only(objects, "DaemonSet").at("/spec/template/spec");
  }

  public static JsonNode agent(List<ObjectNode> objects) {
    return pod(objects).at("/containers/0");
  }

  public static String configuration(List<ObjectNode> objects) {
    return only(objects, "ConfigMap").at("/data/config.yaml").asText();
  }

  /** The texts of an array. */
  public static List<String> words(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  public static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /** The texts of a field of an array's objects. */
  public static List<String> words(JsonNode array, String field) {
    return elements(array).stream().map(element -> element.path(field).asText()).toList();
  }

  public static JsonNode values() throws IOException {
    return YAML.readTree(Files.readString(FOLDER.resolve("values.yaml")));
  }
}
