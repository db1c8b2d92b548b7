package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead completion}: a script that has a shell complete command lines. */
final class CompletionCommand implements Command {

  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "completion", "Print a script that has a shell complete fairlead's command lines.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("SHELL")
            .type(String.class)
            .arity("1")
            .required(true)
            .completionCandidates(SHELLS)
            .description("bash, zsh or fish")
            .build());
    spec.usageMessage()
        .footer(
            "%nExamples:%n  source <(fairlead completion bash)%n"
                + "  fairlead completion zsh >>~/.zshrc%n"
                + "  fairlead completion fish >~/.config/fish/completions/fairlead.fish")
        .exitCodeList(Map.of("0", "printed", "1", "there is no such shell here"));
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    String shell = parsed.matchedPositionalValue(0, "");
    CommandSpec root = parsed.commandSpec().root();
    @Nullable String script =
        switch (shell) {
          // It makes itself at home in zsh with bashcompinit.
          case "bash", "zsh" -> AutoComplete.bash(root.name(), new CommandLine(root));
          case "fish" -> FishCompletion.of(root);
          default -> null;
        };
    if (script == null) {
      throw new ConfigurationException(
          List.of("There is no completion for \"" + shell + "\". It is bash, zsh or fish"));
    }
    terminal.out().print(script.endsWith("\n") ? script : script + "\n");
    terminal.out().flush();
    return Main.OK;
  }
}
