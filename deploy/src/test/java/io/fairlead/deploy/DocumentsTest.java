package io.fairlead.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.agent.config.ConfigurationKey;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators copy from the pages about deployment is as right as what is rendered. */
class DocumentsTest {

  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+Test)`");

  private static String page(String name) throws IOException {
    return Files.readString(Chart.ROOT.resolve("docs").resolve(name));
  }

  /** The indented blocks, without their indentation. */
  private static List<String> blocks(String page) {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    for (String line : (page + "\nend").lines().toList()) {
      if (line.startsWith("    ")) {
        block.append(line.substring(4)).append('\n');
      } else if (!block.isEmpty() && !line.isBlank()) {
        blocks.add(block.toString());
        block.setLength(0);
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy.md", "migration.md"})
  @DisplayName("objects to apply are what the API's schemas say")
  void objectsAreValid(String page) throws IOException {
    List<String> objects =
        blocks(page(page)).stream().filter(block -> block.startsWith("apiVersion:")).toList();
    assertThat(objects).isNotEmpty();
    for (String object : objects) {
      for (ObjectNode node : Chart.parse(object)) {
        assertThat(ApiModels.problem(node)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy.md", "migration.md"})
  @DisplayName("values to install with are taken by the chart")
  void valuesAreTaken(String page) throws IOException {
    List<String> values =
        blocks(page(page)).stream()
            .filter(block -> block.startsWith("image:") || block.startsWith("apiServer:"))
            .toList();
    assertThat(values).isNotEmpty();
    values.forEach(block -> assertThat(Chart.objects(block)).isNotEmpty());
  }

  @Test
  @DisplayName("the patch that keeps the old daemons away makes a valid DaemonSet")
  void patchIsValid() throws IOException {
    String patch =
        blocks(page("migration.md")).stream()
            .filter(block -> block.startsWith("spec:\n  template:"))
            .findFirst()
            .orElseThrow();
    JsonNode affinity = Chart.YAML.readTree(patch).at("/spec/template/spec/affinity");
    ObjectNode daemonSet = Chart.only(Chart.objects("{}"), "DaemonSet");
    ((ObjectNode) daemonSet.at("/spec/template/spec")).set("affinity", affinity);
    assertThat(affinity.at("/nodeAffinity").size()).isEqualTo(1);
    assertThat(ApiModels.problem(daemonSet)).isEmpty();
  }

  @Test
  @DisplayName("the keys that replace kube-proxy's and flannel's exist")
  void keysExist() throws IOException {
    Set<String> keys =
        Arrays.stream(ConfigurationKey.values())
            .map(ConfigurationKey::key)
            .collect(Collectors.toSet());
    List<String> rows =
        page("migration.md")
            .lines()
            .dropWhile(line -> !line.startsWith("## Which keys"))
            .takeWhile(line -> !line.startsWith("## Once"))
            .filter(line -> line.startsWith("| ") && !line.startsWith("|---"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(25);
    for (String row : rows) {
      String ours = row.split("\\|", -1)[2].strip();
      if (ours.equals("none") || ours.equals("fairlead")) {
        continue;
      }
      List<String> named =
          Pattern.compile("`([a-z0-9-]+)(?:: [^`]*)?`")
              .matcher(ours)
              .results()
              .map(result -> result.group(1))
              .filter(word -> !Set.of("ipvs", "nftables").contains(word))
              .toList();
      assertThat(named).as(row).isNotEmpty();
      assertThat(keys).as(row).containsAll(named);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy.md", "migration.md"})
  @DisplayName("the tests that are named exist")
  void testsExist(String page) throws IOException {
    Set<String> named =
        TEST.matcher(page(page))
            .results()
            .map((MatchResult result) -> result.group(1) + ".java")
            .collect(Collectors.toSet());
    assertThat(named).isNotEmpty();
    Set<String> present = new HashSet<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(Chart.ROOT)) {
      for (Path module : modules) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          try (Stream<Path> files = Files.walk(tests)) {
            files.forEach(file -> present.add(file.getFileName().toString()));
          }
        }
      }
    }
    assertThat(present).containsAll(named);
  }

  @Test
  @DisplayName("the folders and rights that are listed are those of the chart")
  void tablesAreComplete() throws IOException {
    String page = page("deploy.md");
    for (JsonNode rule : Chart.only(Chart.objects("{}"), "ClusterRole").path("rules")) {
      String resources = String.join(", ", Chart.words(rule.path("resources")));
      String verbs = String.join(", ", Chart.words(rule.path("verbs")));
      assertThat(page).contains("| " + resources + " | " + verbs + " |");
    }
    for (JsonNode volume : Chart.elements(Chart.pod(Chart.objects("{}")).path("volumes"))) {
      JsonNode host = volume.path("hostPath");
      if (!host.isMissingNode()) {
        assertThat(page)
            .contains("`" + host.path("path").asText() + "`, " + host.path("type").asText());
      }
    }
  }
}
