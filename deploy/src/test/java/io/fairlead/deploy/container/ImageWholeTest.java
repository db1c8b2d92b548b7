package io.fairlead.deploy.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerConfig;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

@DisplayName("the image")
@ExtendWith(EngineExtension.class)
class ImageWholeTest {

  /** What deploy/image/build made of all layers. */
  private static final Path FILES = Images.root().resolve("target/image/rootfs");

  private static final List<String> SHELLS =
      List.of("sh", "bash", "dash", "ash", "busybox", "perl");

  @Test
  @DisplayName("runs as nobody by default, from a root that is read-only, without a capability")
  void runsAsNobody(Engine engine) {
    ContainerConfig config = Objects.requireNonNull(Images.inspect(Images.FAIRLEAD).getConfig());
    assertThat(config.getUser()).isEqualTo("65532:65532");
    assertThat(config.getEntrypoint()).containsExactly("/usr/bin/fairlead");
    assertThat(print("version")).startsWith("fairlead 0.1.0-SNAPSHOT");
    assertThat(print("agent", "--help")).contains("--proxy-mode");
  }

  @Test
  @DisplayName("has a cache of classes that its own JVM accepts")
  void acceptsCache(Engine engine) {
    // With AOTMode=on a JVM ends if it does not.
    try (GenericContainer<?> container = confined("version")) {
      container.withEnv("FAIRLEAD_JAVA_OPTIONS", "-XX:AOTMode=on").start();
      assertThat(container.getLogs()).startsWith("fairlead ");
    }
  }

  @Test
  @DisplayName("has no shell and no program but those it says, and nothing that changes who one is")
  void hasNoShell(Engine engine) throws IOException {
    try (Stream<Path> files = Files.walk(FILES)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).isNotEmpty();
      assertThat(all)
          .extracting(file -> String.valueOf(file.getFileName()))
          .doesNotContainAnyElementsOf(SHELLS);
      for (Path file : all) {
        int mode = (Integer) Files.getAttribute(file, "unix:mode");
        assertThat(mode & 06000).as(file.toString()).isZero();
        assertThat(mode & 02).as(file + " is writable by everybody").isZero();
      }
    }
    assertThat(FILES.resolve("usr/sbin").toFile().list())
        .allSatisfy(name -> assertThat(name).matches("xtables-legacy-multi|ip6?tables-legacy.*"));
  }

  @Test
  @DisplayName("names what it consists of: Debian's packages, and the components of the program")
  void tellsItsParts(Engine engine) {
    assertThat(FILES.resolve("var/lib/dpkg/status.d/libc6")).content().contains("Version: ");
    assertThat(FILES.resolve("usr/share/doc/libc6/copyright")).exists();
    assertThat(FILES.resolve("usr/lib/fairlead/runtime/legal/java.base")).isDirectory();
    assertThat(FILES.resolve("usr/lib/fairlead/share/sbom.json")).content().contains("CycloneDX");
  }

  @Test
  @DisplayName("is the same again, byte by byte, but for the cache that a JVM recorded")
  void isReproducible(Engine engine, @TempDir Path again) throws Exception {
    List<String> layers = List.of("base", "runtime", "libraries", "program");
    ProcessBuilder build =
        new ProcessBuilder(Images.root().resolve("deploy/image/build").toString())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT);
    build.environment().put("OUT", again.toString());
    build.environment().put("LAYERS", String.join(" ", layers));
    assertThat(build.start().waitFor()).isZero();
    for (String layer : layers) {
      Path first = Images.root().resolve("target/image/archive").resolve(layer + ".tar");
      Path second = again.resolve("archive").resolve(layer + ".tar");
      assertThat(Files.mismatch(first, second)).as(layer).isEqualTo(-1);
    }
  }

  private static String print(String... arguments) {
    try (GenericContainer<?> container = confined(arguments)) {
      container.start();
      return container.getLogs();
    }
  }

  private static GenericContainer<?> confined(String... arguments) {
    return new GenericContainer<>(DockerImageName.parse(Images.FAIRLEAD))
        .withNetworkMode("none")
        .withCommand(arguments)
        .withStartupCheckStrategy(new OneShotStartupCheckStrategy())
        .withCreateContainerCmdModifier(command ->
            AgentContainer.host(command)
                .withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges")));
  }
}
