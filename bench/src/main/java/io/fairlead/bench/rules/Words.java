package io.fairlead.bench.rules;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Words of the command line that stand for constants. */
final class Words {

  private Words() {}

  /**
   * The constant that a word stands for.
   *
   * @param what they are, for the error
   * @throws IllegalArgumentException with a sentence if there is none
   */
  static <T> T one(String what, String word, T[] all, Function<T, String> words) {
    return Arrays.stream(all)
        .filter(each -> words.apply(each).equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no "
                    + what
                    + " \""
                    + word
                    + "\"; try "
                    + Arrays.stream(all).map(words).collect(Collectors.joining(", "))
                    + " or all"));
  }
}
