package io.fairlead.dataplane.netlink.nftables;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Small parts of nft's language. */
final class NfText {

  private NfText() {}

  static String comment(String comment) {
    return comment.isEmpty() ? "" : "comment \"" + comment + "\"";
  }

  /** "flags a,b" of those that are not empty, or empty. */
  static String flags(String... names) {
    String joined = join(",", names);
    return joined.isEmpty() ? "" : "flags " + joined;
  }

  static String join(String separator, String... parts) {
    return Arrays.stream(parts)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(separator));
  }

  /** " { a; b; }" of those statements that are not empty, or empty. */
  static String block(String... statements) {
    String joined = join("; ", statements);
    return joined.isEmpty() ? "" : " { " + joined + "; }";
  }

  /** "1m30s"-like text of a duration. */
  static String duration(long millis) {
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    return seconds % 3600 == 0
        ? seconds / 3600 + "h"
        : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
