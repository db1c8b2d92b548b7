package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.server.Selection;
import io.fairlead.agent.server.WatchedReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead get}: what the agent of this node wants and holds. */
final class GetCommand implements Command {

  static final String NAME = "get";

  private static final String NAMESPACE = "--namespace";
  private static final String NAMES = "--name";
  private static final String NODE = "--node";
  private static final String WATCH = "--watch";

  @Override
  public CommandSpec describe() {
    CommandSpec get =
        CommandLineTree.command(NAME, "Show what the agent of this node wants and holds.");
    Listings.all().forEach(listing -> get.addSubcommand(listing.name(), kind(listing)));
    get.usageMessage()
        .footer(
            "%nExamples:%n  fairlead get services -n default%n"
                + "  fairlead get endpoints web -o wide%n  fairlead get routes --watch");
    return get;
  }

  private static CommandSpec kind(Listing<?> listing) {
    CommandSpec spec = CommandLineTree.command(listing.name(), listing.description());
    if (listing.isNamespaced()) {
      spec.addOption(
          OptionSpec.builder("-n", NAMESPACE)
              .paramLabel("NAME")
              .type(String.class)
              .description("only of this namespace")
              .build());
    }
    spec.addOption(
        OptionSpec.builder(NAMES)
            .paramLabel("NAME")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .description("only of this name; may be repeated")
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("NAME")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("0..*")
            .description("the same")
            .build());
    spec.addOption(
        OptionSpec.builder("-w", WATCH)
            .description("stay, and show what changes, with the time")
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
        .footer(
            "%nExamples:%n  fairlead get "
                + listing.name()
                + "%n  fairlead get "
                + listing.name()
                + " -o wide%n  fairlead get "
                + listing.name()
                + " --watch -o json")
        .exitCodeList(
            Map.of("0", "shown", "1", "wrongly asked", "2", "the agent cannot be reached"));
    return spec;
  }

  @Override
  public int run(ParseResult command, Terminal terminal) throws ConfigurationException {
    ParseResult parsed = command.subcommand();
    return new Run<>(Listings.of(parsed.commandSpec().name()), parsed, terminal).run();
  }

  /** One execution. */
  private static final class Run<R> {

    private final Listing<R> listing;
    private final ParseResult parsed;
    private final Terminal terminal;
    private final OutputFormat format;
    private final boolean wide;
    private final Selection selection;
    private final AdminQuery query;

    Run(Listing<R> listing, ParseResult parsed, Terminal terminal) throws ConfigurationException {
      this.listing = listing;
      this.parsed = parsed;
      this.terminal = terminal;
      this.format = OutputFormat.of(parsed);
      this.wide = format == OutputFormat.WIDE;
      this.selection =
          new Selection(
              listing.isNamespaced() ? parsed.matchedOptionValue(NAMESPACE, (String) null) : null,
              names(parsed));
      this.query = AdminQuery.of(parsed, terminal);
    }

    /** Also those that are separated by commas. */
    private static List<String> names(ParseResult parsed) {
      List<String> words = new ArrayList<>(parsed.matchedOptionValue(NAMES, List.<String>of()));
      words.addAll(parsed.matchedPositionalValue(0, List.<String>of()));
      return words.stream().flatMap(word -> Arrays.stream(word.split(",", -1))).toList();
    }

    int run() {
      boolean counted = wide || format.isForMachines();
      if (parsed.hasMatchedOption(WATCH)) {
        return watch();
      }
      R all = query.get(listing.path(selection, counted), listing::parse);
      if (all == null) {
        return query.failure();
      }
      if (isOtherNode(all)) {
        return Main.FAILED;
      }
      R report = listing.only(all, selection);
      terminal
          .out()
          .print(format.isForMachines() ? format.render(report) : listing.text(report, wide));
      terminal.out().flush();
      return Main.OK;
    }

    /** Counters are left out: they would change with every packet. */
    private int watch() {
      if (parsed.hasMatchedOption(NODE)) {
        R first = query.get(listing.path(selection, false), listing::parse);
        if (first == null) {
          return query.failure();
        }
        if (isOtherNode(first)) {
          return Main.FAILED;
        }
      }
      ChangePrinter printer =
          new ChangePrinter(terminal.out(), format, listing.headings(wide), Instant::now);
      return query.follow(
          WatchedReport.PREFIX + listing.path(selection, false), line -> next(line, printer));
    }

    private void next(String line, ChangePrinter printer) {
      R report;
      try {
        report = listing.only(listing.parse(line), selection);
      } catch (JsonProcessingException e) {
        terminal.error("Something was sent that is not understood: " + e.getOriginalMessage());
        return;
      }
      printer.print(format.isForMachines() ? listing.things(report) : listing.rows(report, wide));
    }

    private boolean isOtherNode(R report) {
      String asked = parsed.matchedOptionValue(NODE, (String) null);
      String node = listing.node(report);
      if (asked == null || asked.equals(node)) {
        return false;
      }
      terminal.error(
          "The agent here is that of the node "
              + node
              + ", and knows nothing of what another holds. Ask on "
              + asked
              + " itself");
      return true;
    }
  }
}
