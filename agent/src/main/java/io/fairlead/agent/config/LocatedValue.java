package io.fairlead.agent.config;

import java.util.List;

/**
 * A value as it was written, not yet understood.
 *
 * @param words one word, or several for a list
 * @param place where it stands, for error sentences: "config.yaml:3:10" or "--overlay"
 */
record LocatedValue(List<String> words, String place) {

  LocatedValue {
    words = List.copyOf(words);
  }

  static LocatedValue of(String word, String place) {
    return new LocatedValue(List.of(word), place);
  }
}
