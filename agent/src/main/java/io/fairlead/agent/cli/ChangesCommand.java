package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.history.ChangesReport;
import io.fairlead.agent.history.RoundReport;
import io.fairlead.agent.server.Json;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead changes}: what changed in the cluster, and what was done for it here. */
final class ChangesCommand implements Command {

  private static final String SINCE = "--since";
  private static final String FOLLOW = "--follow";
  private static final String OBJECT = "--object";
  private static final String SUBSYSTEM = "--subsystem";

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "changes",
            "Show what changed lately, which operations of the kernel it took, and how long.");
    spec.addOption(word(SINCE, "DURATION", "only changes of the last 90s, 5m or 1h30m"));
    spec.addOption(
        OptionSpec.builder("-f", FOLLOW)
            .type(boolean.class)
            .description("go on with what changes from now on (with --since, after what did)")
            .build());
    spec.addOption(
        word(OBJECT, "KIND/NAMESPACE/NAME", "only changes of one object; a Service's slices too"));
    spec.addOption(word(SUBSYSTEM, "NAME", "only changes that this part of the agent worked on"));
    spec.addOption(OutputFormat.option());
    AdminQuery.describe(spec);
    spec.usageMessage()
        .footer(
            "%nExample:%n  fairlead changes --since 5m%n"
                + "  fairlead changes --object service/default/web -o wide%n"
                + "  fairlead changes --follow --subsystem policies -o json")
        .exitCodeList(
            Map.of("0", "shown", "1", "wrongly asked", "2", "the agent cannot be reached"));
    return spec;
  }

  private static OptionSpec word(String flag, String label, String description) {
    return OptionSpec.builder(flag)
        .paramLabel(label)
        .type(String.class)
        .description(description)
        .build();
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    OutputFormat format = OutputFormat.of(parsed);
    AdminQuery query = AdminQuery.of(parsed, terminal);
    ChangesText text =
        new ChangesText(
            format == OutputFormat.WIDE, terminal.colouredOut(), ZoneId.systemDefault());
    boolean follow = parsed.hasMatchedOption(FOLLOW);
    String path =
        new QueryPath(follow ? "/changes/follow" : "/changes")
            .with("since", value(parsed, SINCE))
            .with("object", value(parsed, OBJECT))
            .with("subsystem", value(parsed, SUBSYSTEM))
            .toString();
    if (follow) {
      return Followed.run(query, path, RoundReport.class, format, terminal, text::one);
    }
    ChangesReport report = query.get(path, body -> Json.parse(body, ChangesReport.class));
    if (report == null) {
      return query.failure();
    }
    terminal.out().print(format.isForMachines() ? format.render(report) : text.of(report));
    terminal.out().flush();
    return Main.OK;
  }

  private static @Nullable String value(ParseResult parsed, String flag) {
    return CommandLineTree.value(parsed, flag);
  }
}
