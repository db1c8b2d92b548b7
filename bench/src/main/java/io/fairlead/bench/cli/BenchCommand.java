package io.fairlead.bench.cli;

import io.fairlead.bench.chaos.ChaosCommand;
import io.fairlead.bench.cni.CniCommand;
import io.fairlead.bench.compare.CompareCommand;
import io.fairlead.bench.datapath.DatapathCommand;
import io.fairlead.bench.effort.EffortCommand;
import io.fairlead.bench.ffi.FfiCommand;
import io.fairlead.bench.kubeproxy.KubeProxyCommand;
import io.fairlead.bench.memory.MemoryCommand;
import io.fairlead.bench.micro.MicroCommand;
import io.fairlead.bench.overlay.OverlayCommand;
import io.fairlead.bench.policy.PolicyCommand;
import io.fairlead.bench.report.ReportCommand;
import io.fairlead.bench.rules.RulesCommand;
import io.fairlead.bench.scale.ScaleCommand;
import io.fairlead.bench.soak.SoakCommand;
import io.fairlead.bench.start.StartCommand;
import io.fairlead.bench.suite.SuiteCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code fairlead-bench}: measures fairlead, its rivals and what the kernel itself costs. */
@Command(
    name = "fairlead-bench",
    description = "Measures fairlead beside its rivals, and what the kernel itself costs.",
    footer = {
      "",
      "Everything runs as root, in network namespaces of its own, and leaves nothing.",
      "Where the kernel lacks IPVS: scripts/lab-kernel run target/fairlead/bin/fairlead-bench ..."
    },
    mixinStandardHelpOptions = true,
    versionProvider = BenchVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      SuiteCommand.class,
      ReportCommand.class,
      OverlayCommand.class,
      StartCommand.class,
      SoakCommand.class,
      ChaosCommand.class,
      KubeProxyCommand.class,
      PolicyCommand.class,
      RulesCommand.class,
      FfiCommand.class,
      MicroCommand.class,
      ScaleCommand.class,
      CniCommand.class,
      DatapathCommand.class,
      EffortCommand.class,
      MemoryCommand.class,
      CompareCommand.class
    })
public final class BenchCommand {

  private BenchCommand() {}

  public static void main(String[] arguments) {
    // Threads of a benchmark that failed must not keep the process.
    System.exit(commandLine().execute(arguments));
  }

  /** The command line with all subcommands, which says what is wrong in one sentence. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new BenchCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, _) -> {
      PrintWriter err = command.getErr();
      err.println("the benchmark failed: " + failure.getMessage());
      err.flush();
      return 1;
    });
    line.setParameterExceptionHandler((failure, _) -> {
      CommandLine command = failure.getCommandLine();
      PrintWriter err = command.getErr();
      err.println(failure.getMessage());
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
      err.flush();
      return 2;
    });
    return line;
  }
}
