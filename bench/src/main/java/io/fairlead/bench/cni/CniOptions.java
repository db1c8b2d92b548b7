package io.fairlead.bench.cni;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param plugins the folder with the reference plugins
 * @param pods in sequence, for each contender, 1 to 250
 * @param parallel pods at once; the reference gets half of them
 * @param services that are programmed while a contender with them adds pods
 * @param rules of table nat that are there while a contender with them adds pods
 * @param rounds of throughput and of parallel pods
 * @param seconds that each measurement of throughput takes
 * @param markdown whether the table is printed as Markdown
 */
record CniOptions(
    Path plugins,
    int pods,
    int parallel,
    int services,
    int rules,
    int rounds,
    int seconds,
    Set<CniFigure> figures,
    boolean markdown,
    @Nullable Path json) {

  static final String USAGE =
      "--what sequence,parallel,throughput, --pods N, --parallel N, --services N, --rules N,"
          + " --rounds N, --seconds N, --plugins DIR, --markdown or --json FILE";

  CniOptions {
    figures = Set.copyOf(figures);
  }

  /** What the flags have said so far. */
  private static final class Builder {
    private Path plugins = Path.of("/usr/lib/cni");
    private int pods = 50;
    private int parallel = 100;
    private int services = 10_000;
    private int rules = 6000;
    private int rounds = 7;
    private int seconds = 2;
    private Set<CniFigure> figures = EnumSet.allOf(CniFigure.class);
    private boolean markdown;
    private @Nullable Path json;

    private void set(String flag, String value) {
      switch (flag) {
        case "--what" -> figures = CniFigure.named(value);
        case "--pods" -> pods = number(flag, value, 250);
        case "--parallel" -> parallel = number(flag, value, 250);
        case "--services" -> services = number(flag, value, 60_000);
        case "--rules" -> rules = number(flag, value, 100_000);
        case "--rounds" -> rounds = number(flag, value, 100);
        case "--seconds" -> seconds = number(flag, value, 60);
        case "--plugins" -> plugins = Path.of(value);
        case "--json" -> json = Path.of(value);
        default -> throw new IllegalArgumentException("there is no " + flag + "; try " + USAGE);
      }
    }

    private static int number(String flag, String value, int most) {
      if (!value.matches("[1-9]\\d{0,5}") || Integer.parseInt(value) > most) {
        throw new IllegalArgumentException(
            flag + " takes a number from 1 to " + most + ", not \"" + value + "\"");
      }
      return Integer.parseInt(value);
    }

    private CniOptions build() {
      return new CniOptions(
          plugins, pods, parallel, services, rules, rounds, seconds, figures, markdown, json);
    }
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a sentence
   */
  static CniOptions parse(String... arguments) {
    Builder builder = new Builder();
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--markdown")) {
        builder.markdown = true;
      } else if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            arguments[i] + " needs a value, or is no flag; try " + USAGE);
      } else {
        builder.set(arguments[i], arguments[i + 1]);
        i++;
      }
    }
    return builder.build();
  }
}
