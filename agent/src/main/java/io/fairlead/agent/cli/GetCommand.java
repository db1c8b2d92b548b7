package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.server.AddressesReport;
import io.fairlead.agent.server.PodsReport;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead get pods} and {@code fairlead get addresses}: what the agent's leases tell. */
final class GetCommand implements Command {

  static final String NAME = "get";

  private static final String PODS = "pods";
  private static final String ADDRESSES = "addresses";
  private static final String NAMESPACE = "--namespace";
  private static final String NODE = "--node";

  @Override
  public CommandSpec describe() {
    CommandSpec get =
        CommandLineTree.command(NAME, "Show what the agent of this node has attached.");
    get.addSubcommand(PODS, kind(PODS, "Show the pods that are attached."));
    get.addSubcommand(
        ADDRESSES, kind(ADDRESSES, "Show the pod CIDRs of this node, and who has which address."));
    return get;
  }

  private static CommandSpec kind(String name, String description) {
    CommandSpec spec = CommandLineTree.command(name, description);
    spec.addOption(
        OptionSpec.builder("-n", NAMESPACE)
            .paramLabel("NAME")
            .type(String.class)
            .description("only pods of this namespace")
            .build());
    spec.addOption(
        OptionSpec.builder(NODE)
            .paramLabel("NAME")
            .type(String.class)
            .description("fail unless the agent is that of this node")
            .build());
    spec.addOption(OutputFormat.option());
    AdminQuery.describe(spec);
    spec.usageMessage()
        .exitCodeListHeading("Exit codes:%n")
        .exitCodeList(
            Map.of("0", "shown", "1", "wrongly asked", "2", "the agent cannot be reached"));
    return spec;
  }

  @Override
  public int run(ParseResult command, Terminal terminal) throws ConfigurationException {
    ParseResult parsed = command.subcommand();
    OutputFormat format = OutputFormat.of(parsed);
    AdminQuery query = AdminQuery.of(parsed, terminal);
    String namespace = parsed.matchedOptionValue(NAMESPACE, (String) null);
    boolean wide = format == OutputFormat.WIDE;
    Object report;
    String node;
    String text;
    if (parsed.commandSpec().name().equals(PODS)) {
      PodsReport all = query.get("/pods", PodsReport::parse);
      if (all == null) {
        return query.failure();
      }
      PodsReport pods = PodsText.only(all, namespace);
      report = pods;
      node = pods.node();
      text = PodsText.of(pods, wide);
    } else {
      AddressesReport all = query.get("/addresses", AddressesReport::parse);
      if (all == null) {
        return query.failure();
      }
      AddressesReport addresses = AddressesText.only(all, namespace);
      report = addresses;
      node = addresses.node();
      text = AddressesText.of(addresses, wide);
    }
    if (isOtherNode(terminal, parsed.matchedOptionValue(NODE, (String) null), node)) {
      return Main.FAILED;
    }
    terminal.out().print(format.isForMachines() ? format.render(report) : text);
    terminal.out().flush();
    return Main.OK;
  }

  private static boolean isOtherNode(Terminal terminal, @Nullable String asked, String node) {
    if (asked == null || asked.equals(node)) {
      return false;
    }
    terminal.error(
        "The agent here is that of the node "
            + node
            + ", and knows no other's pods. Ask on "
            + asked
            + " itself");
    return true;
  }
}
