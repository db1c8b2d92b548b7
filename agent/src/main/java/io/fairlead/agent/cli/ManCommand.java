package io.fairlead.agent.cli;

import io.fairlead.agent.Version;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead man}: the manual page. */
final class ManCommand implements Command {

  @Override
  public CommandSpec describe() {
    CommandSpec spec = CommandLineTree.command("man", "Print the manual page, for man(1).");
    spec.usageMessage()
        .footer(
            "%nExamples:%n  fairlead man | man -l -%n"
                + "  fairlead man >/usr/local/share/man/man1/fairlead.1")
        .exitCodeList(Map.of("0", "printed", "1", "wrongly asked"));
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) {
    terminal.out().print(ManPage.of(parsed.commandSpec().root(), Version.current()));
    terminal.out().flush();
    return Main.OK;
  }
}
