package io.fairlead.bench.rules;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param changes of each kind, for each contender that is not a rival
 * @param rivalServices the most Services that a rival is loaded with
 * @param grid whether the populations of the published table are measured, not the given one
 * @param markdown whether the table is printed as Markdown
 */
record RulesOptions(
    List<Backend> backends,
    Population population,
    int changes,
    boolean rivals,
    int rivalServices,
    Set<Figure> figures,
    boolean grid,
    boolean markdown,
    @Nullable Path json) {

  static final String USAGE =
      "--backend NAME, --services N, --endpoints M, --changes K, --rivals yes|no, --rival-services"
          + " N, --what FIGURE[,FIGURE], --grid, --markdown or --json FILE";

  /** What the flags have said so far. */
  private static final class Builder {
    private List<Backend> backends = List.of(Backend.NFTABLES);
    private int services = 10_000;
    private int endpoints = 2;
    private int changes = 500;
    private boolean rivals = true;
    private int rivalServices = 60_000;
    private Set<Figure> figures = EnumSet.allOf(Figure.class);
    private boolean grid;
    private boolean markdown;
    private @Nullable Path json;

    private void set(String flag, String value) {
      switch (flag) {
        case "--backend" -> backends = Backend.named(value);
        case "--services" -> services = number(flag, value);
        case "--endpoints" -> endpoints = number(flag, value);
        case "--changes" -> changes = number(flag, value);
        case "--rivals" -> rivals = yes(flag, value);
        case "--rival-services" -> rivalServices = number(flag, value);
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

    private RulesOptions build() {
      return new RulesOptions(
          backends,
          new Population(services, endpoints),
          changes,
          rivals,
          rivalServices,
          figures,
          grid,
          markdown,
          json);
    }
  }

  RulesOptions {
    backends = List.copyOf(backends);
    figures = Set.copyOf(figures);
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a sentence
   */
  static RulesOptions parse(String... arguments) {
    Builder builder = new Builder();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--grid" -> builder.grid = true;
        case "--markdown" -> builder.markdown = true;
        default -> {
          if (i + 1 == arguments.length) {
            throw new IllegalArgumentException(
                arguments[i] + " needs a value, or is no flag; try " + USAGE);
          }
          builder.set(arguments[i], arguments[i + 1]);
          i++;
        }
      }
    }
    return builder.build();
  }
}
