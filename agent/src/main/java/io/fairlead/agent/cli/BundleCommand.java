package io.fairlead.agent.cli;

import io.fairlead.agent.Version;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.preflight.Preflight;
import io.fairlead.agent.server.Selection;
import io.fairlead.dataplane.sys.ProcFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead bundle}: everything that a report of a bug needs, in one file. */
final class BundleCommand implements Command {

  private static final String FILE = "--output-file";

  /** What the agent is asked, beside the lists of {@code fairlead get}. */
  private static final Map<String, String> QUESTIONS =
      Map.of(
          "agent/status.json", "/status",
          "agent/verify.json", "/verify",
          "agent/changes.json", "/changes",
          "agent/flows.json", "/flows",
          "agent/metrics.txt", "/metrics",
          "agent/threads.txt", "/threads",
          "agent/log.txt", "/log");

  @Override
  public CommandSpec describe() {
    CommandSpec spec =
        CommandLineTree.command(
            "bundle",
            "Put everything that a report of a bug needs into one zip, without secrets. Works"
                + " without an agent, too; what cannot be had is listed in its README.txt.");
    spec.addOption(
        OptionSpec.builder("-o", FILE)
            .paramLabel("FILE")
            .type(String.class)
            .description("the zip; by default fairlead-NODE-TIME.zip in this folder")
            .build());
    AdminQuery.describe(spec);
    spec.addOption(CommandLineTree.flag(ConfigurationKey.KUBECONFIG));
    spec.usageMessage()
        .footer(
            "%nExamples:%n  fairlead bundle%n  fairlead bundle -o /tmp/report.zip%n"
                + "  fairlead bundle --config /etc/fairlead/agent.yaml")
        .exitCodeList(Map.of("0", "written, with what could be had", "1", "nothing was written"));
    return spec;
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws ConfigurationException {
    AgentConfiguration configuration = Configured.reader(parsed).read();
    Instant now = Instant.now();
    Path file = file(parsed, configuration.nodeName(), now);
    Bundle bundle = new Bundle(Redaction.of(configuration.kubeconfig()));
    bundle.add("host.txt", BundleCommand::host);
    bundle.add("configuration.txt", () -> text(configuration));
    bundle.add("preflight.txt", () -> PreflightText.of(Preflight.run(configuration), false));
    bundle.add("sysctls.txt", BundleCommand::sysctls);
    KernelTexts.addTo(bundle);
    agent(configuration.adminSocket(), bundle);
    try {
      bundle.write(file, about(configuration.nodeName(), now));
    } catch (IOException e) {
      terminal.error(file + " cannot be written: " + e.getMessage() + ". Name another with -o");
      return Main.FAILED;
    }
    terminal.out().println("Written: " + file + " with " + bundle.size() + " files");
    bundle
        .missing()
        .forEach((name, reason) ->
            terminal.out().println("Not in it: " + name + ", since: " + reason.strip()));
    return Main.OK;
  }

  private static String about(String node, Instant now) {
    return """
    What `fairlead bundle` found on node NODE at TIME.

    In it are addresses, and the names and labels of Services, pods, nodes and policies: look through it
    before you hand it on. Not in it are environment variables, Secrets, what a kubeconfig holds, tokens
    and keys; what looked like one is replaced by "[left out]".
    """
        .replace("NODE", node)
        .replace("TIME", now.toString());
  }

  private static Path file(ParseResult parsed, String node, Instant now)
      throws ConfigurationException {
    String given = CommandLineTree.value(parsed, FILE);
    try {
      return Path.of(
          given != null
              ? given
              : "fairlead-"
                  + node
                  + "-"
                  + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                      .withZone(ZoneOffset.UTC)
                      .format(now)
                  + ".zip");
    } catch (InvalidPathException e) {
      throw new ConfigurationException(List.of("-o \"" + given + "\" is not a path"));
    }
  }

  private static String host() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("fairlead ").append(Version.current()).append('\n');
    text.append("java ").append(Runtime.version()).append('\n');
    text.append(Files.readString(Path.of("/proc/version")));
    Files.readString(Path.of("/proc/self/status"))
        .lines()
        .filter(line -> line.startsWith("Cap"))
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /** Known keys alone: whatever else a file holds stays where it is. */
  private static String text(AgentConfiguration configuration) {
    StringBuilder text = new StringBuilder();
    for (ConfigurationKey key : ConfigurationKey.values()) {
      text.append(key.flag().substring(2))
          .append(": ")
          .append(Objects.toString(configuration.value(key), ""))
          .append('\n');
    }
    return text.toString();
  }

  private static String sysctls() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String path : Preflight.settings()) {
      Path file = Path.of("/proc/sys").resolve(path);
      text.append(path.replace('/', '.'))
          .append(" = ")
          .append(Files.exists(file) ? ProcFile.text(file) : "(does not exist)")
          .append('\n');
    }
    return text.toString();
  }

  private static void agent(Path socket, Bundle bundle) {
    Map<String, String> questions = new TreeMap<>(QUESTIONS);
    for (Listing<?> listing : Listings.all()) {
      questions.put("agent/" + listing.name() + ".json", listing.path(Selection.ALL, true));
    }
    if (!Files.exists(socket)) {
      bundle.missing("agent", "no agent runs here: there is no socket " + socket);
      return;
    }
    questions.forEach((name, path) -> bundle.add(name, () -> answer(socket, path)));
  }

  private static String answer(Path socket, String path) throws IOException {
    AdminClient.Answer answer = AdminClient.ask(socket, "GET", path, "", true);
    if (answer.status() != 200) {
      throw new IOException(
          answer.status() == 404
              ? "this agent does not answer " + path
              : "the agent answered: " + answer.body());
    }
    return answer.body();
  }
}
