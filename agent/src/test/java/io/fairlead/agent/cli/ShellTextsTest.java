package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What shells and man(1) make of the texts that are generated for them. */
class ShellTextsTest {

  @TempDir Path folder;

  private static String printed(int status, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(stream, stream, false, false);
    assertThat(new Main(terminal, _ -> List.of(), _ -> List.of()).run(arguments)).isEqualTo(status);
    return out.toString(StandardCharsets.UTF_8);
  }

  private String execute(String... command) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(() -> String.join(" ", command)).isZero();
    return Files.readString(output);
  }

  /** What bash offers for the last word. */
  private List<String> completed(String... words) throws Exception {
    Path script = folder.resolve("script");
    Files.writeString(
        script,
        printed(0, "completion", "bash")
            // Which exists while a word is completed only.
            + "\ncompopt() { :; }\nCOMP_WORDS=("
            + String.join(" ", words)
            + ")\nCOMP_CWORD="
            + (words.length - 1)
            + "\n_complete_fairlead\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
    return execute("bash", script.toString()).lines().toList();
  }

  @Test
  @DisplayName("bash completes commands, what they list, options and their values")
  void bash() throws Exception {
    assertThat(completed("fairlead", "get", "ser")).containsExactly("services");
    assertThat(completed("fairlead", "pref")).containsExactly("preflight");
    assertThat(completed("fairlead", "get", "pods", "--name")).contains("--namespace", "--name");
    assertThat(completed("fairlead", "get", "pods", "-o", "y")).containsExactly("yaml");
  }

  @Test
  @DisplayName("a shell that is not known is a sentence")
  void unknown() {
    assertThat(printed(1, "completion", "tcsh")).contains("It is bash, zsh or fish");
    assertThat(printed(1, "completion")).contains("SHELL");
  }

  @Test
  @DisplayName("fish is told of every command and option, with quotes in their place")
  void fish() {
    String script = printed(0, "completion", "fish");
    assertThat(script)
        .contains("-n '__fairlead_at get' -a 'services' -d 'Show the Services")
        .contains("-n '__fairlead_in get services' -s n -l namespace -r -F")
        .contains("-s o -l output -x -a 'text wide json yaml'")
        .contains("-n '__fairlead_at completion' -a 'bash zsh fish'")
        .contains("this node\\'s name");
    for (String line : script.lines().filter(line -> line.startsWith("complete")).toList()) {
      String unescaped = line.replace("\\'", "");
      assertThat(unescaped.chars().filter(c -> c == '\'').count() % 2).as(line).isZero();
    }
  }

  @Test
  @DisplayName("the manual page has its sections, and every command with every option")
  void man() {
    String page = printed(0, "man");
    assertThat(page.lines().filter(line -> line.startsWith(".SH ")))
        .containsExactly(
            ".SH NAME",
            ".SH SYNOPSIS",
            ".SH DESCRIPTION",
            ".SH COMMANDS",
            ".SH OPTIONS",
            ".SH \"EXIT STATUS\"",
            ".SH EXAMPLES",
            ".SH FILES",
            ".SH \"SEE ALSO\"");
    assertThat(page)
        .startsWith(".TH FAIRLEAD 1 ")
        .contains(".SS \"fairlead get services\"")
        .contains("\\fB\\-n\\fR, \\fB\\-\\-namespace\\fR \\fINAME\\fR")
        .contains("fairlead get services \\-o wide")
        .contains(".I /run/fairlead/cni.sock");
  }

  @Test
  @DisplayName("what roff would take for its own is escaped")
  void roff() {
    CommandSpec spec =
        CommandLineTree.command("x", ".starts with a dot, has a \\ and a \"quote\"%nand 100%%.");
    spec.addOption(OptionSpec.builder("--a-b").description("'quoted' first").build());
    assertThat(ManPage.of(spec, "1"))
        .contains("\n\\&.starts with a dot, has a \\e and a \\(dqquote\\(dq\nand 100%.\n")
        .contains("\\fB\\-\\-a\\-b\\fR\n\\&'quoted' first\n");
  }

  @Test
  @DisplayName("groff has nothing to say against the manual page")
  void groff() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "this machine has no groff to ask");
    Path page = folder.resolve("fairlead.1");
    Files.writeString(page, printed(0, "man"));
    assertThat(execute("groff", "-man", "-Tutf8", "-ww", "-z", page.toString())).isEmpty();
  }
}
