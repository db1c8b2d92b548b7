package io.fairlead.agent.cli;

import io.fairlead.agent.config.ConfigurationKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page, in the language of groff_man(7), out of the commands themselves. Pure. */
final class ManPage {

  private static final List<ConfigurationKey> FILES =
      List.of(
          ConfigurationKey.ADMIN_SOCKET, ConfigurationKey.CNI_SOCKET, ConfigurationKey.STATE_DIR);

  private final StringBuilder page = new StringBuilder();

  private ManPage() {}

  /**
   * The page of a program.
   *
   * @param version of the program
   */
  static String of(CommandSpec root, String version) {
    ManPage page = new ManPage();
    page.write(root, version);
    return page.page.toString();
  }

  private void write(CommandSpec root, String version) {
    List<CommandSpec> commands = new ArrayList<>();
    leaves(root, commands);
    line(
        ".TH "
            + root.name().toUpperCase(Locale.ROOT)
            + " 1 \"\" \"fairlead "
            + escaped(version)
            + "\" \"fairlead\"");
    section("NAME");
    line(root.name() + " \\- " + escaped(lower(text(root.usageMessage().description()))));
    section("SYNOPSIS");
    for (CommandSpec command : commands) {
      synopsis(command);
    }
    section("DESCRIPTION");
    paragraph(
        "One agent serves a node: it attaches pods, and keeps the kernel as the cluster's Services,"
            + " EndpointSlices, Nodes and NetworkPolicies ask for. The other commands ask that"
            + " agent over its admin socket, or look at the kernel themselves.");
    section("COMMANDS");
    for (CommandSpec command : commands) {
      command(command);
    }
    section("OPTIONS");
    paragraph(
        "Each option of the agent is a key of its configuration file, too, without the dashes, and"
            + " an environment variable with FAIRLEAD_ before it, in capitals and with"
            + " underscores. Options win over the environment, which wins over the file.");
    section("EXIT STATUS");
    for (CommandSpec command : commands) {
      exitCodes(command);
    }
    section("EXAMPLES");
    for (CommandSpec command : commands) {
      examples(command);
    }
    section("FILES");
    for (ConfigurationKey key : FILES) {
      line(".TP");
      line(".I " + escaped(key.defaultValue()));
      line(escaped(key.help()) + " (" + bold(key.flag()) + ")");
    }
    section("SEE ALSO");
    line(".BR ip (8),");
    line(".BR nft (8),");
    line(".BR ipvsadm (8),");
    line(".BR conntrack (8),");
    line(".BR kubectl (1)");
  }

  /** Those that can be executed. */
  private static void leaves(CommandSpec spec, List<CommandSpec> into) {
    if (spec.subcommands().isEmpty()) {
      into.add(spec);
    }
    spec.subcommands().values().forEach(sub -> leaves(sub.getCommandSpec(), into));
  }

  private void synopsis(CommandSpec command) {
    StringBuilder text = new StringBuilder(bold(command.qualifiedName()));
    if (!command.options().isEmpty()) {
      text.append(" [\\fIoptions\\fR]");
    }
    for (PositionalParamSpec positional : command.positionalParameters()) {
      String label = "\\fI" + escaped(positional.paramLabel()) + "\\fR";
      text.append(' ').append(positional.required() ? label : "[" + label + "]");
      text.append(positional.arity().max() > 1 ? "\\&..." : "");
    }
    line(text.toString());
    line(".br");
  }

  private void command(CommandSpec command) {
    line(".SS \"" + escaped(command.qualifiedName()) + "\"");
    paragraph(text(command.usageMessage().description()));
    for (PositionalParamSpec positional : command.positionalParameters()) {
      line(".TP");
      line(".I " + escaped(positional.paramLabel()));
      line(escaped(text(positional.description())));
    }
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        line(".TP");
        line(names(option));
        line(escaped(text(option.description())));
      }
    }
  }

  private static String names(OptionSpec option) {
    String names = String.join(", ", Arrays.stream(option.names()).map(ManPage::bold).toList());
    return names + (takesValue(option) ? " \\fI" + escaped(option.paramLabel()) + "\\fR" : "");
  }

  private static boolean takesValue(ArgSpec argument) {
    return argument.arity().max() > 0;
  }

  private void exitCodes(CommandSpec command) {
    Map<String, String> codes = command.usageMessage().exitCodeList();
    if (!codes.isEmpty()) {
      line(".TP");
      line(bold(command.qualifiedName()));
      List<String> sentences = new ArrayList<>();
      new TreeMap<>(codes)
          .forEach((code, meaning) -> sentences.add(bold(code) + " " + escaped(text(meaning))));
      line(String.join("; ", sentences) + ".");
    }
  }

  private void examples(CommandSpec command) {
    List<String> examples =
        text(command.usageMessage().footer())
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("fairlead ") || line.startsWith("source "))
            .toList();
    if (!examples.isEmpty()) {
      line(".PP");
      line(".nf");
      examples.forEach(example -> line(escaped(example)));
      line(".fi");
    }
  }

  private void section(String name) {
    line(".SH " + (name.contains(" ") ? "\"" + name + "\"" : name));
  }

  private void paragraph(String text) {
    line(".PP");
    line(escaped(text));
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  private static String bold(String text) {
    return "\\fB" + escaped(text) + "\\fR";
  }

  /** As picocli would print it. */
  private static String text(String... lines) {
    return String.join(" ", lines).replace("%n", "\n").replace("%%", "%").strip();
  }

  private static String lower(String sentence) {
    String end = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    return end.substring(0, 1).toLowerCase(Locale.ROOT) + end.substring(1);
  }

  /** What roff would take for its own; a hyphen would be no minus. */
  private static String escaped(String text) {
    String safe = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
    StringBuilder lines = new StringBuilder();
    for (String line : safe.split("\n", -1)) {
      lines.append(lines.isEmpty() ? "" : "\n");
      lines.append(line.startsWith(".") || line.startsWith("'") ? "\\&" : "").append(line);
    }
    return lines.toString();
  }
}
