package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.AgentException;
import io.fairlead.agent.config.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the init container of a node does. */
class InstallCommandTest {

  @TempDir private Path folder;

  private Path bin;
  private Path seccomp;
  private Path binary;
  private Path profile;

  @BeforeEach
  void make() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    seccomp = Files.createDirectory(folder.resolve("seccomp"));
    binary = Files.writeString(folder.resolve("binary"), "the plugin");
    profile = Files.writeString(folder.resolve("profile"), "{\"defaultAction\": \"x\"}");
  }

  private String run(@Nullable Path binary, @Nullable Path profile, String... arguments)
      throws ConfigurationException, AgentException {
    InstallCommand command = new InstallCommand(binary, profile);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int status =
        command.run(
            new CommandLine(command.describe()).parseArgs(arguments),
            new Terminal(stream, stream, false, false));
    assertThat(status).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private String failure(@Nullable Path binary, @Nullable Path profile, String... arguments) {
    try {
      return "no failure, but: " + run(binary, profile, arguments);
    } catch (ConfigurationException e) {
      return String.join("\n", e.problems());
    } catch (AgentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  @DisplayName("the binary and the profile are put into their folders, and left alone when equal")
  void installsBoth() throws Exception {
    String[] arguments = {
      "--cni-bin-dir",
      bin.toString(),
      "--seccomp-dir",
      seccomp.toString(),
      "--seccomp-name",
      "fairlead-1.2.json"
    };
    assertThat(run(binary, profile, arguments))
        .isEqualTo(
            "The CNI binary was installed as %s/fairlead.\n".formatted(bin)
                + "The seccomp profile was installed as %s/fairlead-1.2.json.\n"
                    .formatted(seccomp));
    assertThat(bin.resolve("fairlead")).hasContent("the plugin");
    assertThat(seccomp.resolve("fairlead-1.2.json")).hasContent("{\"defaultAction\": \"x\"}");
    assertThat(permissions(bin.resolve("fairlead"))).isEqualTo("rwxr-xr-x");
    assertThat(permissions(seccomp.resolve("fairlead-1.2.json"))).isEqualTo("rw-r--r--");
    Object inode = Files.getAttribute(bin.resolve("fairlead"), "unix:ino");

    assertThat(run(binary, profile, arguments))
        .isEqualTo("The CNI binary is as it should be.\nThe seccomp profile is as it should be.\n");
    assertThat(Files.getAttribute(bin.resolve("fairlead"), "unix:ino")).isEqualTo(inode);
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  @DisplayName("profiles of other versions, which other pods may name, stay")
  void keepsOthers() throws Exception {
    String[] older = {"--seccomp-dir", seccomp.toString(), "--seccomp-name", "fairlead-1.json"};
    String[] newer = {"--seccomp-dir", seccomp.toString(), "--seccomp-name", "fairlead-2.json"};
    run(null, profile, older);
    run(null, Files.writeString(folder.resolve("profile-2"), "{}"), newer);
    assertThat(names(seccomp)).containsExactly("fairlead-1.json", "fairlead-2.json");
    assertThat(seccomp.resolve("fairlead-1.json")).hasContent("{\"defaultAction\": \"x\"}");
  }

  @Test
  @DisplayName("without a name the profile is called after the version")
  void namesTheProfile() throws Exception {
    run(null, profile, "--seccomp-dir", seccomp.toString());
    assertThat(names(seccomp)).singleElement().asString().matches("fairlead-.+\\.json");
  }

  @Test
  @DisplayName("what cannot be done is said with the mend, and the rest is done")
  void says() throws Exception {
    assertThat(failure(binary, profile))
        .isEqualTo(
            "There is nothing to install. Give --cni-bin-dir DIR, --seccomp-dir DIR, or both");
    assertThat(failure(binary, profile, "--cni-bin-dir", ""))
        .startsWith("There is nothing to install");
    assertThat(failure(binary, profile, "--seccomp-name", "a.json")).endsWith("Give --seccomp-dir");
    for (String name : List.of("../a.json", ".json", "a", "a/b.json")) {
      assertThat(failure(binary, profile, "--seccomp-dir", "/x", "--seccomp-name", name))
          .startsWith("--seccomp-name \"" + name + "\" cannot be a profile's name");
    }
    Path missing = folder.resolve("missing");
    assertThat(
            failure(
                binary,
                profile,
                "--cni-bin-dir",
                missing.toString(),
                "--seccomp-dir",
                seccomp.toString()))
        .isEqualTo(
            "The CNI binary cannot be installed as "
                + missing
                + "/fairlead: the folder does not exist. Create it, or name another with"
                + " --cni-bin-dir");
    assertThat(names(seccomp)).hasSize(1);
    assertThat(failure(binary, profile, "--seccomp-dir", missing.toString()))
        .contains("the folder does not exist. Create it, or name another with --seccomp-dir");
    assertThat(failure(null, null, "--cni-bin-dir", bin.toString()))
        .startsWith("There is no cni/fairlead");
    assertThat(failure(null, null, "--seccomp-dir", seccomp.toString()))
        .startsWith("There is no share/seccomp/fairlead.json in this program's folder");
  }
}
