package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The list of what the product is made of, beside what it is made of. */
class SbomWholeTest {

  private static String sha256(Path file) throws IOException, GeneralSecurityException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  @DisplayName("every library is in sbom.json with its hash and a licence, and nothing else is")
  void complete() throws Exception {
    Path root = Whole.distribution().folder();
    Path file = root.resolve("share/sbom.json");
    Assumptions.assumeTrue(Files.exists(file), "make dist writes share/sbom.json; Maven alone not");
    JsonNode sbom = new ObjectMapper().readTree(file.toFile());
    Map<String, JsonNode> components = new HashMap<>();
    for (JsonNode component : sbom.path("components")) {
      components.put(
          component.path("name").asText() + "-" + component.path("version").asText() + ".jar",
          component);
    }
    List<Path> jars;
    try (var files = Files.list(root.resolve("lib"))) {
      jars = files.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
    }
    assertThat(jars).hasSizeGreaterThan(40);
    JsonNode product = sbom.path("metadata").path("component");
    for (Path jar : jars) {
      String name = jar.getFileName().toString();
      if (name.startsWith(product.path("name").asText() + "-")) {
        assertThat(product.path("licenses")).as(name).isNotEmpty();
        continue;
      }
      JsonNode component = components.remove(name);
      assertThat(component).as(name).isNotNull();
      assertThat(component.path("licenses")).as("licences of " + name).isNotEmpty();
      assertThat(component.path("hashes").findValuesAsText("content"))
          .as("hashes of " + name)
          .contains(sha256(jar));
    }
    assertThat(components.keySet()).as("components that are not there").isEmpty();
    // What would differ from build to build.
    assertThat(sbom.has("serialNumber")).isFalse();
    assertThat(sbom.path("metadata").has("timestamp")).isFalse();
  }
}
