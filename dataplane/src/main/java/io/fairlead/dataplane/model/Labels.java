package io.fairlead.dataplane.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The labels of an object, compactly: an array of keys and values in the order of the keys.
 * Immutable. Sources share equal ones among objects, since most pods have many alike.
 */
public final class Labels {

  public static final Labels NONE = new Labels(new String[0]);

  /** Key, value, key, value… */
  private final String[] pairs;

  private final int hash;

  private Labels(String[] pairs) {
    this.pairs = pairs;
    this.hash = Arrays.hashCode(pairs);
  }

  /** The labels of a map, which is copied. */
  public static Labels of(Map<String, String> map) {
    if (map.isEmpty()) {
      return NONE;
    }
    String[] pairs = new String[map.size() * 2];
    int at = 0;
    for (Map.Entry<String, String> label : new TreeMap<>(map).entrySet()) {
      pairs[at++] = label.getKey().intern();
      pairs[at++] = label.getValue().intern();
    }
    return new Labels(pairs);
  }

  /** The value of a label, which may be empty, or null if there is no such label. */
  public @Nullable String get(String key) {
    int low = 0;
    int high = pairs.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = pairs[2 * middle].compareTo(key);
      if (order == 0) {
        return pairs[2 * middle + 1];
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /** Calls {@code each} with keys and values, in the order of the keys. */
  public void forEach(BiConsumer<String, String> each) {
    for (int i = 0; i < pairs.length; i += 2) {
      each.accept(pairs[i], pairs[i + 1]);
    }
  }

  /** A copy in the order of the keys. */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    forEach(map::put);
    return map;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Labels labels
        && hash == labels.hash
        && Arrays.equals(pairs, labels.pairs);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** As in the map's own text: "{app=web, tier=front}". */
  @Override
  public String toString() {
    return toMap().toString();
  }
}
