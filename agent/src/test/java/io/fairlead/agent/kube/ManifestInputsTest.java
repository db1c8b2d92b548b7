package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.source.SourceException;
import io.fairlead.dataplane.testing.Decoding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Objects as the API server, manifests and requests to simulate give them; and kubeconfigs. */
class ManifestInputsTest {

  private static final ManifestReader READER = new ManifestReader();

  @FuzzTest
  void yaml(byte[] input) {
    Decoding.of(input, ManifestException.class, () -> check(READER.read("a.yaml", input)));
  }

  @FuzzTest
  void json(byte[] input) {
    Decoding.of(input, ManifestException.class, () -> check(READER.read("a.json", input)));
  }

  /** An object that is wrong is told by its field, and not by where we failed. */
  private static void check(List<ManifestObject> objects) {
    for (ManifestObject object : objects) {
      assertThat(object.problems())
          .allSatisfy(problem -> assertThat(problem).doesNotStartWith("it cannot be read: java."));
      assertThat(object.id().key().name()).isNotEmpty();
    }
  }

  @FuzzTest
  void kubeconfig(byte[] input) {
    Decoding.of(
        input,
        Exception.class,
        () -> {
          try {
            PlainKubeconfig.parse(
                Path.of("/nowhere/config"), new String(input, StandardCharsets.UTF_8));
          } catch (JsonProcessingException | SourceException e) {
            assertThat(e.getMessage()).isNotBlank();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }
}
