package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.node.FileReason;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.SimulationReport;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead simulate}: what manifests would change in the kernel. */
final class SimulateCommand implements Command {

  private static final String FILE = "--filename";
  private static final String DELETE = "--delete";
  private static final String STANDARD_INPUT = "-";

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "simulate", "Tell what manifests would change in the kernel; apply nothing.");
    spec.addOption(
        OptionSpec.builder("-f", FILE)
            .paramLabel("FILE")
            .type(String.class)
            .required(true)
            .description("YAML or JSON manifests; - reads standard input")
            .build());
    spec.addOption(
        OptionSpec.builder(DELETE)
            .type(boolean.class)
            .description("as if these objects were deleted")
            .build());
    AdminQuery.describe(spec);
    spec.addOption(OutputFormat.option());
    spec.usageMessage()
        .footer(
            "%nExamples:%n  fairlead simulate -f policy.yaml%n"
                + "  fairlead simulate -f service.yaml --delete%n"
                + "  kubectl get -o yaml networkpolicy deny | fairlead simulate -f - --delete%n"
                + "%nServices, EndpointSlices, NetworkPolicies, Namespaces, Pods and Nodes count;"
                + " other kinds%nare passed over. Of an object that is wrong nothing is simulated.")
        .exitCodeList(
            Map.of(
                "0", "it was simulated",
                "1", "the manifests, or one of the objects, cannot be used",
                "2", "the agent cannot be reached"));
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    OutputFormat format = OutputFormat.of(parsed);
    AdminQuery query = AdminQuery.of(parsed, terminal);
    String file = parsed.matchedOptionValue(FILE, STANDARD_INPUT);
    String manifests;
    try {
      manifests = read(file);
    } catch (IOException e) {
      terminal.error(file + " cannot be read: " + FileReason.of(e));
      return Main.FAILED;
    }
    String name = file.equals(STANDARD_INPUT) ? "standard input" : file;
    String path =
        "/simulate?name="
            + URLEncoder.encode(name, StandardCharsets.UTF_8)
            + (parsed.hasMatchedOption(DELETE) ? "&delete=true" : "");
    @Nullable SimulationReport report =
        query.post(path, manifests, body -> Json.parse(body, SimulationReport.class));
    if (report == null) {
      return query.failure();
    }
    terminal
        .out()
        .print(
            format.isForMachines()
                ? format.render(report)
                : SimulateText.of(report, format == OutputFormat.WIDE));
    terminal.out().flush();
    return report.hasProblems() ? Main.FAILED : Main.OK;
  }

  private static String read(String file) throws IOException {
    return file.equals(STANDARD_INPUT)
        ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
        : Files.readString(Path.of(file));
  }
}
