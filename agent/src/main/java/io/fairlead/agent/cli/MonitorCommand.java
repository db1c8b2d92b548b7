package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.server.MonitorReport;
import java.time.ZoneId;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead monitor}: what happens to fairlead's objects in the kernel, by their names. */
final class MonitorCommand implements Command {

  private static final String ONLY = "--only";

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "monitor",
            "Follow what anybody changes of fairlead's objects in the kernel, and what they are"
                + " called.");
    spec.addOption(
        OptionSpec.builder(ONLY)
            .paramLabel("SOURCE[,SOURCE]")
            .type(String.class)
            .description("some of nftables, routes, links, ipvs")
            .build());
    spec.addOption(OutputFormat.option());
    AdminQuery.describe(spec);
    spec.usageMessage()
        .footer(
            "%nExample:%n  fairlead monitor%n"
                + "  fairlead monitor --only nftables%n"
                + "  fairlead monitor --only routes,links -o json")
        .exitCodeList(
            Map.of("1", "wrongly asked", "2", "the agent cannot be reached, or has ended"));
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    OutputFormat format = OutputFormat.of(parsed);
    AdminQuery query = AdminQuery.of(parsed, terminal);
    String path =
        new QueryPath("/monitor").with("only", CommandLineTree.value(parsed, ONLY)).toString();
    return Followed.run(
        query,
        path,
        MonitorReport.class,
        format,
        terminal,
        event -> text(event, ZoneId.systemDefault()));
  }

  /** One line. */
  static String text(MonitorReport event, ZoneId zone) {
    String time = ClockText.time(event.time(), zone) + "  ";
    if (event.operation().equals(MonitorReport.NOTE)) {
      return time + "… " + event.object() + "\n";
    }
    return time
        + event.operation()
        + " "
        + event.object()
        + (event.meaning().isEmpty() ? "" : "  [" + event.meaning() + "]")
        + (event.by().isEmpty() ? "" : "  by " + event.by())
        + "\n";
  }
}
