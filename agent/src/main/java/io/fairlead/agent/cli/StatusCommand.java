package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ProxyMode;
import io.fairlead.agent.preflight.KernelProbe;
import io.fairlead.agent.server.StatusReport;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead status}: how the agent of this node is doing. */
final class StatusCommand implements Command {

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command("status", "Show how the agent of this node is doing.");
    AdminQuery.describe(spec);
    spec.addOption(OutputFormat.option());
    spec.usageMessage()
        .footer(
            "%nExamples:%n  fairlead status%n  fairlead status -o wide%n"
                + "  fairlead status -o json")
        .exitCodeList(Map.of("0", "healthy", "1", "degraded", "2", "the agent cannot be reached"));
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    OutputFormat format = OutputFormat.of(parsed);
    AdminQuery query = AdminQuery.of(parsed, terminal);
    StatusReport report = query.get("/status", StatusReport::parse);
    if (report == null) {
      return query.failure();
    }
    boolean ipvs = report.proxyMode().equals(ProxyMode.IPVS.spelling());
    StatusView view =
        new StatusView(
            report, KernelProbe.run(feature -> ipvs || !feature.equals(KernelProbe.IPVS)));
    terminal
        .out()
        .print(
            format.isForMachines()
                ? format.render(view)
                : StatusText.of(view, format == OutputFormat.WIDE, terminal.colouredOut()));
    terminal.out().flush();
    return report.problems().isEmpty() ? Main.OK : Main.FAILED;
  }
}
