package io.fairlead.bench.policy;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param population of all figures but memory
 * @param large of memory
 * @param changes of each kind, for each contender that is not a rival
 * @param markdown whether the table is printed as Markdown
 */
record PolicyOptions(
    Population population,
    Population large,
    int changes,
    boolean rivals,
    Set<Figure> figures,
    boolean markdown,
    @Nullable Path json) {

  static final String USAGE =
      "--pods N, --local N, --policies N, --large-pods N, --large-policies N, --changes K,"
          + " --rivals yes|no, --what FIGURE[,FIGURE], --markdown or --json FILE";

  /** What the flags have said so far. */
  private static final class Builder {
    private int pods = 10_000;
    private int local = 100;
    private int policies = 1000;
    private int largePods = 30_000;
    private int largePolicies = 30_000;
    private int changes = 200;
    private boolean rivals = true;
    private Set<Figure> figures = EnumSet.allOf(Figure.class);
    private boolean markdown;
    private @Nullable Path json;

    private void set(String flag, String value) {
      switch (flag) {
        case "--pods" -> pods = number(flag, value);
        case "--local" -> local = number(flag, value);
        case "--policies" -> policies = number(flag, value);
        case "--large-pods" -> largePods = number(flag, value);
        case "--large-policies" -> largePolicies = number(flag, value);
        case "--changes" -> changes = number(flag, value);
        case "--rivals" -> rivals = yes(flag, value);
        case "--what" -> figures = Figure.named(value);
        case "--json" -> json = Path.of(value);
        default -> throw new IllegalArgumentException("there is no " + flag + "; try " + USAGE);
      }
    }

    private static boolean yes(String flag, String value) {
      if (!value.equals("yes") && !value.equals("no")) {
        throw new IllegalArgumentException(flag + " takes yes or no, not \"" + value + "\"");
      }
      return value.equals("yes");
    }

    private static int number(String flag, String value) {
      if (!value.matches("[1-9]\\d{0,5}")) {
        throw new IllegalArgumentException(
            flag + " takes a number from 1 to 999999, not \"" + value + "\"");
      }
      return Integer.parseInt(value);
    }

    private PolicyOptions build() {
      return new PolicyOptions(
          new Population(pods, local, policies),
          new Population(largePods, local, largePolicies, Population.NAMESPACES),
          changes,
          rivals,
          figures,
          markdown,
          json);
    }
  }

  PolicyOptions {
    figures = Set.copyOf(figures);
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a sentence
   */
  static PolicyOptions parse(String... arguments) {
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
