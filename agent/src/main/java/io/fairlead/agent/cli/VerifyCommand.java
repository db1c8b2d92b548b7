package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.VerifyReport;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead verify}: whether the kernel is as it should be. */
final class VerifyCommand implements Command {

  private static final String REPAIR = "--repair";
  private static final String ONLY = "--only";

  /** Something of ours is not as it should be. */
  static final int DRIFT = 2;

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "verify", "Compare the kernel with what the agent wants there; change nothing.");
    AdminQuery.describe(spec);
    spec.addOption(OutputFormat.option());
    spec.addOption(
        OptionSpec.builder(REPAIR)
            .type(boolean.class)
            .description("let the agent repair what differs, and compare again")
            .build());
    spec.addOption(
        OptionSpec.builder(ONLY)
            .paramLabel("NAME[,NAME]")
            .type(String.class)
            .description("compare these subsystems only, for example services,policies")
            .build());
    spec.usageMessage()
        .footer(
            "%nExamples:%n  fairlead verify%n  fairlead verify --only services,policies -o wide%n"
                + "  fairlead verify --repair%n"
                + "%nIt costs the agent what one of its regular audits costs. Chains of other"
                + " programs at%nthe same hooks are listed, and are no drift.")
        .exitCodeList(
            Map.of(
                "0", "everything is as it should be (with --repair: now)",
                "1", "it could not be told, for example since no agent answers",
                "2", "something differs"));
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    OutputFormat format = OutputFormat.of(parsed);
    AdminQuery query = AdminQuery.of(parsed, terminal);
    String only = parsed.matchedOptionValue(ONLY, "");
    String asked = only.isEmpty() ? "" : "?only=" + URLEncoder.encode(only, StandardCharsets.UTF_8);
    if (!parsed.hasMatchedOption(REPAIR)) {
      @Nullable VerifyReport report =
          query.getPatiently("/verify" + asked, body -> Json.parse(body, VerifyReport.class));
      if (report == null) {
        return Main.FAILED;
      }
      return print(
          terminal, format, report, VerifyText.of(report, format == OutputFormat.WIDE), report);
    }
    VerifyReport.@Nullable Repaired repaired =
        query.post(
            "/verify/repair" + asked, "", body -> Json.parse(body, VerifyReport.Repaired.class));
    if (repaired == null) {
      return Main.FAILED;
    }
    return print(
        terminal,
        format,
        repaired,
        VerifyText.of(repaired, format == OutputFormat.WIDE),
        repaired.after());
  }

  private static int print(
      Terminal terminal, OutputFormat format, Object report, String text, VerifyReport last) {
    terminal.out().print(format.isForMachines() ? format.render(report) : text);
    terminal.out().flush();
    if (last.hasDrift()) {
      return DRIFT;
    }
    return last.hasProblems() ? Main.FAILED : Main.OK;
  }
}
