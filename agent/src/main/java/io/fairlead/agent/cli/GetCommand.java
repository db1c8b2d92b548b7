package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.server.AddressesReport;
import io.fairlead.agent.server.PodsReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead get pods} and {@code fairlead get addresses}: what the agent's leases tell. */
final class GetCommand {

  static final String NAME = "get";

  private static final String PODS = "pods";
  private static final String ADDRESSES = "addresses";
  private static final String NAMESPACE = "--namespace";
  private static final String NODE = "--node";
  private static final Set<String> FORMATS = Set.of("text", "wide", "json");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Terminal terminal;

  GetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  static CommandSpec describe() {
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
    spec.addOption(
        OptionSpec.builder("-o", CommandLineTree.OUTPUT)
            .paramLabel("FORMAT")
            .type(String.class)
            .defaultValue("text")
            .description("text, wide or json")
            .build());
    spec.addOption(CommandLineTree.flag(ConfigurationKey.ADMIN_SOCKET));
    spec.addOption(CommandLineTree.config());
    spec.usageMessage()
        .exitCodeListHeading("Exit codes:%n")
        .exitCodeList(
            Map.of("0", "shown", "1", "wrongly asked", "2", "the agent cannot be reached"));
    return spec;
  }

  /** Asks the agent at {@code socket}, prints, and returns the exit status. */
  int run(ParseResult parsed, Path socket) {
    String kind = parsed.commandSpec().name();
    String format = parsed.matchedOptionValue(CommandLineTree.OUTPUT, "text");
    if (!FORMATS.contains(format)) {
      terminal.error("--output cannot be \"" + format + "\". It is text, wide or json");
      return Main.FAILED;
    }
    try {
      AdminClient.Answer answer = AdminClient.get(socket, "/" + kind);
      if (answer.status() != 200) {
        terminal.error("The agent at " + socket + " answered: " + answer.body().strip());
        return answer.status() == 503 ? Main.FAILED : Main.UNREACHABLE;
      }
      return show(kind, answer.body(), parsed, format);
    } catch (JsonProcessingException e) {
      terminal.error(
          "The agent at " + socket + " is of another version. Use that version's `fairlead`");
    } catch (IOException e) {
      terminal.error(AdminClient.unreachable(socket, e, NAME + " " + kind));
    }
    return Main.UNREACHABLE;
  }

  private int show(String kind, String body, ParseResult parsed, String format)
      throws JsonProcessingException {
    String namespace = parsed.matchedOptionValue(NAMESPACE, (String) null);
    boolean wide = format.equals("wide");
    Object report;
    String node;
    String text;
    if (kind.equals(PODS)) {
      PodsReport pods = PodsText.only(PodsReport.parse(body), namespace);
      report = pods;
      node = pods.node();
      text = PodsText.of(pods, wide);
    } else {
      AddressesReport addresses = AddressesText.only(AddressesReport.parse(body), namespace);
      report = addresses;
      node = addresses.node();
      text = AddressesText.of(addresses, wide);
    }
    if (isOtherNode(parsed.matchedOptionValue(NODE, (String) null), node)) {
      return Main.FAILED;
    }
    terminal.out().print(format.equals("json") ? JSON.writeValueAsString(report) + "\n" : text);
    terminal.out().flush();
    return Main.OK;
  }

  private boolean isOtherNode(@Nullable String asked, String node) {
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
