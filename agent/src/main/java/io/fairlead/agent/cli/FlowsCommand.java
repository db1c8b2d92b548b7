package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.server.FlowReport;
import io.fairlead.agent.server.Json;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead flows}: who was denied what and why, and who talks with whom. */
final class FlowsCommand implements Command {

  private static final String FOLLOW = "--follow";
  private static final String DROPPED = "--dropped";
  private static final String ALL = "--all";
  private static final String POD = "--pod";
  private static final String RATE = "--rate";

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "flows", "Show the connections that policies denied and, if asked, a sample of all.");
    spec.addOption(switched("-f", FOLLOW, "go on with what comes from now on"));
    spec.addOption(switched(null, DROPPED, "denied ones only (the default)"));
    spec.addOption(
        switched(null, ALL, "also connections that came about, a sample; needs --follow"));
    spec.addOption(
        OptionSpec.builder(POD)
            .paramLabel("[NAMESPACE/]NAME")
            .type(String.class)
            .description("only flows from or to this pod")
            .build());
    spec.addOption(
        OptionSpec.builder(RATE)
            .paramLabel("N")
            .type(String.class)
            .description(
                "explain at most N connections per second (default 50); others are counted")
            .build());
    spec.addOption(OutputFormat.option());
    AdminQuery.describe(spec);
    spec.usageMessage()
        .footer(
            "%nExample:%n  fairlead flows%n"
                + "  fairlead flows --follow --pod default/web%n"
                + "  fairlead flows --follow --all --rate 200 -o json")
        .exitCodeList(
            Map.of("0", "shown", "1", "wrongly asked", "2", "the agent cannot be reached"));
    return spec;
  }

  private static OptionSpec switched(@Nullable String letter, String flag, String description) {
    OptionSpec.Builder option =
        letter == null ? OptionSpec.builder(flag) : OptionSpec.builder(letter, flag);
    return option.type(boolean.class).description(description).build();
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    OutputFormat format = OutputFormat.of(parsed);
    boolean all = parsed.hasMatchedOption(ALL);
    boolean follow = parsed.hasMatchedOption(FOLLOW);
    if (all && parsed.hasMatchedOption(DROPPED)) {
      throw new ConfigurationException(
          List.of("--all and --dropped contradict each other. Leave one out"));
    }
    if (all && !follow) {
      throw new ConfigurationException(
          List.of(
              "--all needs --follow: connections that come about are sampled only while somebody"
                  + " listens"));
    }
    AdminQuery query = AdminQuery.of(parsed, terminal);
    FlowsText text =
        new FlowsText(format == OutputFormat.WIDE, terminal.colouredOut(), ZoneId.systemDefault());
    String pod = CommandLineTree.value(parsed, POD);
    if (follow) {
      String path =
          new QueryPath("/flows/follow")
              .with("all", all ? "true" : null)
              .with("pod", pod)
              .with("rate", CommandLineTree.value(parsed, RATE))
              .toString();
      return Followed.run(query, path, FlowReport.class, format, terminal, text::one);
    }
    FlowReport[] kept = query.get("/flows", body -> Json.parse(body, FlowReport[].class));
    if (kept == null) {
      return query.failure();
    }
    List<FlowReport> flows = new ArrayList<>(Arrays.asList(kept));
    flows.removeIf(flow -> pod != null && !isOf(flow, pod));
    Collections.reverse(flows);
    terminal.out().print(format.isForMachines() ? format.render(flows) : text.of(flows));
    terminal.out().flush();
    return Main.OK;
  }

  private static boolean isOf(FlowReport flow, String pod) {
    return is(flow.source().pod(), pod) || is(flow.destination().pod(), pod);
  }

  private static boolean is(String found, String asked) {
    return found.equals(asked) || (asked.indexOf('/') < 0 && found.endsWith("/" + asked));
  }
}
