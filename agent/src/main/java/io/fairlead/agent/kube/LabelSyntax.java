package io.fairlead.agent.kube;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What keys and values of labels look like (k8s.io/apimachinery pkg/util/validation). */
final class LabelSyntax {

  private static final int LONGEST_PREFIX = 253;
  private static final int LONGEST_NAME = 63;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?");
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private LabelSyntax() {}

  /** A name, after a DNS subdomain and a slash or alone. */
  static boolean isKey(@Nullable String key) {
    if (key == null) {
      return false;
    }
    int slash = key.indexOf('/');
    return isName(key.substring(slash + 1)) && (slash < 0 || isPrefix(key.substring(0, slash)));
  }

  private static boolean isPrefix(String prefix) {
    return prefix.length() <= LONGEST_PREFIX && PREFIX.matcher(prefix).matches();
  }

  private static boolean isName(String name) {
    return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
  }

  /** A name, or nothing. */
  static boolean isValue(@Nullable String value) {
    return value != null && (value.isEmpty() || isName(value));
  }
}
