package io.fairlead.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of CONTRIBUTING.md about where things go. */
class ArchitectureTest {

  private static final List<String> SIBLINGS =
      List.of("nftables", "iptables", "ipvs", "overlay", "cni");

  private static final int LONGEST_FILE = 500;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.fairlead");

  @ParameterizedTest
  @ValueSource(strings = {"nftables", "iptables", "ipvs", "overlay", "cni"})
  @DisplayName("a sibling sees neither its siblings nor the agent")
  void siblingsNeverSeeEachOther(String sibling) {
    String[] others =
        SIBLINGS.stream()
            .filter(other -> !other.equals(sibling))
            .map(other -> "io.fairlead." + other + "..")
            .toArray(String[]::new);
    String[] forbidden = Arrays.copyOf(others, others.length + 1);
    forbidden[others.length] = "io.fairlead.agent..";
    noClasses()
        .that()
        .resideInAPackage("io.fairlead." + sibling + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  @DisplayName("only dataplane.sys names java.lang.foreign")
  void foreignMemoryIsInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.fairlead.dataplane.sys..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  @DisplayName("only agent.kube names Fabric8")
  void fabric8IsInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.fairlead.agent.kube..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
        .check(CLASSES);
  }

  @Test
  @DisplayName("dataplane depends on the JDK alone")
  void dataplaneStandsAlone() {
    classes()
        .that()
        .resideInAPackage("io.fairlead.dataplane..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.fairlead.dataplane..", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  @DisplayName("no source file is longer than 500 lines")
  void filesAreShort() throws IOException {
    Path root = Path.of(System.getProperty("fairlead.root", ".."));
    List<String> tooLong = new ArrayList<>();
    List<Path> seen = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            return name.equals("target") || (name.startsWith(".") && !name.equals(".."))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.getFileName().toString().matches(".*\\.(java|c|h|sh|py)")) {
              seen.add(file);
              int lines = Files.readAllLines(file, StandardCharsets.UTF_8).size();
              if (lines > LONGEST_FILE) {
                tooLong.add(root.relativize(file) + " has " + lines);
              }
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(seen).as("source files under %s", root.toAbsolutePath()).hasSizeGreaterThan(30);
    assertThat(tooLong).isEmpty();
  }
}
