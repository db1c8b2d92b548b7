package io.fairlead.bench.soak;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param pods how many are attached, beside those that fail, and detached
 * @param threads of the runtime, each with a pod at a time or some
 * @param seed of everything that is random, except for what the scheduler does
 * @param json where the report goes, or null
 */
record SoakOptions(int pods, int threads, long seed, @Nullable Path json) {

  static final String USAGE = "--pods N, --threads N, --seed N or --json FILE";

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a sentence
   */
  static SoakOptions parse(long seed, String... arguments) {
    SoakOptions options = new SoakOptions(5000, 8, seed, null);
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a value; try " + USAGE);
      }
      options = options.with(arguments[i], arguments[i + 1]);
    }
    return options;
  }

  private SoakOptions with(String flag, String value) {
    return switch (flag) {
      case "--pods" -> new SoakOptions((int) number(flag, value, 1_000_000), threads, seed, json);
      case "--threads" -> new SoakOptions(pods, (int) number(flag, value, 64), seed, json);
      case "--seed" -> new SoakOptions(pods, threads, number(flag, value, Long.MAX_VALUE), json);
      case "--json" -> new SoakOptions(pods, threads, seed, Path.of(value));
      default -> throw new IllegalArgumentException("there is no " + flag + "; try " + USAGE);
    };
  }

  private static long number(String flag, String value, long most) {
    try {
      long number = Long.parseLong(value);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // As a number that is out of range.
    }
    throw new IllegalArgumentException(
        flag + " takes a number from 1 to " + most + ", not \"" + value + "\"");
  }
}
