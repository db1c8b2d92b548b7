package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.preflight.Finding;
import io.fairlead.agent.preflight.Finding.Level;
import io.fairlead.agent.preflight.Preflight;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead preflight}: whether this host suits an agent. */
final class PreflightCommand implements Command {

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "preflight",
            "Look whether this host offers what the agent needs, and who else is at work here."
                + " Needs no agent. What the kernel can do is tried in a network namespace of its"
                + " own, which may load modules; nothing else is changed.");
    for (ConfigurationKey key :
        List.of(
            ConfigurationKey.OVERLAY,
            ConfigurationKey.PROXY_MODE,
            ConfigurationKey.CLUSTER_CIDR,
            ConfigurationKey.MTU,
            ConfigurationKey.CNI_CONFIG_DIR)) {
      spec.addOption(CommandLineTree.flag(key));
    }
    spec.addOption(CommandLineTree.config());
    spec.addOption(OutputFormat.option());
    spec.usageMessage()
        .footer(
            "%nExamples:%n  fairlead preflight%n"
                + "  fairlead preflight --config /etc/fairlead/agent.yaml%n"
                + "  fairlead preflight --proxy-mode ipvs -o json")
        .exitCodeList(Map.of("0", "nothing fails; there may be warnings", "1", "something fails"));
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    OutputFormat format = OutputFormat.of(parsed);
    List<Finding> findings = Preflight.run(Configured.reader(parsed).read());
    terminal
        .out()
        .print(
            format.isForMachines()
                ? format.render(findings)
                : PreflightText.of(findings, terminal.colouredOut()));
    terminal.out().flush();
    return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL)
        ? Main.FAILED
        : Main.OK;
  }
}
