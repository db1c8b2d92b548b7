package io.fairlead.bench.cni;

import java.nio.file.Path;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param plugins the folder with the reference plugins
 * @param pods in sequence, for each contender, 1 to 250
 * @param parallel pods at once, 1 to 250
 * @param services that are programmed while a contender with them adds pods, to 60000; with 0 that
 *     contender is left out
 * @param rules of table nat that are there while a contender with them adds pods, to 100000; with 0
 *     that contender is left out
 * @param rounds of parallel pods, 1 to 100
 */
record CniOptions(
    Path plugins,
    int pods,
    int parallel,
    int services,
    int rules,
    int rounds,
    Set<CniFigure> figures) {

  /** Throws an {@link IllegalArgumentException} with a sentence. */
  CniOptions {
    require("--pods", pods, 1, 250);
    require("--parallel", parallel, 1, 250);
    require("--services", services, 0, 60_000);
    require("--rules", rules, 0, 100_000);
    require("--rounds", rounds, 1, 100);
    figures = Set.copyOf(figures);
  }

  private static void require(String flag, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          flag + " takes a number from " + least + " to " + most + ", not " + value);
    }
  }
}
