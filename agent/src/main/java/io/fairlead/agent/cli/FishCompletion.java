package io.fairlead.agent.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completions for fish, in the form of complete(1) of that shell. Pure. */
final class FishCompletion {

  private final StringBuilder script = new StringBuilder();
  private final String program;

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(CommandSpec root) {
    FishCompletion completion = new FishCompletion(root.name());
    completion.head();
    completion.command(root, List.of());
    return completion.script.toString();
  }

  /** The functions tell by the words that are no options which command is being written. */
  private void head() {
    script.append(
        """
        # Completions of PROGRAM for fish.
        function __PROGRAM_words
            set -l words
            for word in (commandline -opc)[2..-1]
                string match -q -- '-*' $word; or set -a words $word
            end
            string join -- ' ' $words
        end
        function __PROGRAM_at
            set -l words (__PROGRAM_words)
            test "$words" = "$argv"
        end
        function __PROGRAM_in
            set -l words (__PROGRAM_words)
            string match -q -- "$argv *" "$words "
        end
        complete -c PROGRAM -f
        """
            .replace("PROGRAM", program));
  }

  private void command(CommandSpec spec, List<String> path) {
    String place = String.join(" ", path);
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        option(option, path.isEmpty() ? "__" + program + "_at ''" : in(place));
      }
    }
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      candidates(positional.completionCandidates(), at(place));
    }
    spec.subcommands()
        .forEach((name, subcommand) -> {
          line(at(place))
              .append(" -a ")
              .append(quoted(name))
              .append(" -d ")
              .append(quoted(description(subcommand.getCommandSpec().usageMessage().description())))
              .append('\n');
          List<String> next = new ArrayList<>(path);
          next.add(name);
          command(subcommand.getCommandSpec(), next);
        });
  }

  private String at(String place) {
    return "__" + program + "_at " + (place.isEmpty() ? "''" : place);
  }

  private String in(String place) {
    return "__" + program + "_in " + place;
  }

  private StringBuilder line(String condition) {
    return script.append("complete -c ").append(program).append(" -n ").append(quoted(condition));
  }

  private void option(OptionSpec option, String condition) {
    StringBuilder line = line(condition);
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
    }
    if (option.arity().max() > 0) {
      Iterable<String> candidates = option.completionCandidates();
      if (candidates == null) {
        // A value that nobody but the user knows may well be a file.
        line.append(" -r -F");
      } else {
        line.append(" -x -a ").append(quoted(String.join(" ", candidates)));
      }
    }
    line.append(" -d ").append(quoted(description(option.description()))).append('\n');
  }

  private void candidates(@Nullable Iterable<String> candidates, String at) {
    if (candidates != null) {
      line(at).append(" -a ").append(quoted(String.join(" ", candidates))).append('\n');
    }
  }

  /** The first sentence; %% is how picocli writes a percent sign. */
  private static String description(String[] lines) {
    String text = String.join(" ", lines).replace("%n", " ").replace("%%", "%");
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
