package io.fairlead.bench.lab;

import io.fairlead.agent.config.ProxyMode;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The words of a command line that say what kind of lab is wanted. */
public final class LabArguments {

  private static final String PROXY_MODE = "proxy-mode=";

  private LabArguments() {}

  /**
   * Two nodes of the kind that is asked for.
   *
   * @param arguments "dual-stack", "proxy-mode=MODE", both or nothing
   * @throws IllegalArgumentException with a sentence
   */
  public static LabOptions parse(String... arguments) {
    LabOptions options = LabOptions.of(2);
    for (String argument : arguments) {
      if (argument.equals("dual-stack")) {
        options = options.withDualStack();
      } else if (argument.startsWith(PROXY_MODE)) {
        options = options.withProxyMode(proxyMode(argument.substring(PROXY_MODE.length())));
      } else {
        throw new IllegalArgumentException(
            "there is no argument \""
                + argument
                + "\"; try dual-stack or "
                + PROXY_MODE
                + "MODE, where MODE is "
                + modes());
      }
    }
    return options;
  }

  private static String proxyMode(String mode) {
    if (Arrays.stream(ProxyMode.values()).noneMatch(known -> isUsable(known, mode))) {
      throw new IllegalArgumentException(
          "there is no proxy mode \"" + mode + "\" that serves a lab; try " + modes());
    }
    return mode;
  }

  private static boolean isUsable(ProxyMode known, String mode) {
    return known != ProxyMode.NONE && known.spelling().equals(mode);
  }

  private static String modes() {
    return Arrays.stream(ProxyMode.values())
        .filter(mode -> mode != ProxyMode.NONE)
        .map(ProxyMode::spelling)
        .collect(Collectors.joining(", "));
  }
}
