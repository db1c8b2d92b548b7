package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.why.WhyReport;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead why}: which way a packet takes, and what decides it. */
final class WhyCommand implements Command {

  private static final String NAMESPACE = "--namespace";

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "why", "Show which way a packet takes from SRC to DST, and what decides each step.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("SRC")
            .type(String.class)
            .arity("1")
            .index("0")
            .description(
                "who sends: a pod (web-1, shop/web-1), node/NAME, an IP address, host or outside")
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("DST")
            .type(String.class)
            .arity("1")
            .index("1")
            .description(
                "where to: a Service, pod, node or IP address with a port, such as web:80,"
                    + " shop/web:http, 10.96.0.10:53/udp, [fd00::a]:53/udp, node/node-2:30080; or"
                    + " pod/web-1/icmp")
            .build());
    spec.addOption(
        OptionSpec.builder("-n", NAMESPACE)
            .paramLabel("NAME")
            .type(String.class)
            .defaultValue("default")
            .description("of names that do not say theirs (default: default)")
            .build());
    WhyProbe.describe(spec);
    AdminQuery.describe(spec);
    spec.addOption(OutputFormat.option());
    spec.usageMessage()
        .footer(
            "%nExamples:%n  fairlead why shop/cart-1 shop/db:5432%n"
                + "  fairlead why outside node/node-1:30080%n"
                + "  fairlead why host kube-dns:dns/udp -n kube-system%n"
                + "  fairlead why cart-1 db:5432 --probe%n"
                + "  fairlead why cart-1 pod/db-0/icmp --probe --probe-size 1450%n")
        .exitCodeList(
            Map.of(
                "0", "it gets there",
                "1", "it does not, or may not, or the question is wrong",
                "2", "the agent cannot be reached"));
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    OutputFormat format = OutputFormat.of(parsed);
    int size = WhyProbe.size(parsed);
    Path namespace = WhyProbe.namespace(parsed);
    AdminQuery query = AdminQuery.of(parsed, terminal);
    WhyReport report =
        query.get(
            "/why?source="
                + encoded(parsed.matchedPositionalValue(0, ""))
                + "&destination="
                + encoded(parsed.matchedPositionalValue(1, ""))
                + "&namespace="
                + encoded(parsed.matchedOptionValue(NAMESPACE, "default")),
            WhyReport::parse);
    if (report == null) {
      return query.failure();
    }
    if (!WhyProbe.isWanted(parsed)) {
      String text = WhyText.of(report, format == OutputFormat.WIDE, terminal.colouredOut());
      print(format.isForMachines() ? format.render(report) : text, terminal);
      return report.verdict() == WhyReport.Verdict.REACHES ? Main.OK : Main.FAILED;
    }
    return probe(report, namespace, size, format, terminal);
  }

  /** The way and what became of real packets, for machines. */
  private record Probed(WhyReport way, WhyProbe.Findings probe) {}

  private static int probe(
      WhyReport way, @Nullable Path namespace, int size, OutputFormat format, Terminal terminal) {
    try {
      WhyProbe.Findings findings = WhyProbe.run(way, namespace, size);
      String text = WhyText.of(way, findings, format == OutputFormat.WIDE, terminal.colouredOut());
      print(format.isForMachines() ? format.render(new Probed(way, findings)) : text, terminal);
      return findings.good() ? Main.OK : Main.FAILED;
    } catch (IOException e) {
      terminal.error(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      terminal.error("Interrupted before an answer came");
    }
    return Main.FAILED;
  }

  private static void print(String text, Terminal terminal) {
    terminal.out().print(text);
    terminal.out().flush();
  }

  private static String encoded(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8);
  }
}
