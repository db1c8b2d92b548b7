package io.fairlead.cni.protocol;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The CNI_ variables, validated for their verb.
 *
 * @param containerId empty for STATUS, GC and VERSION
 * @param networkNamespace a path as the runtime sees it; may be empty for DEL
 * @param interfaceName empty for STATUS, GC and VERSION
 */
public record CniEnvironment(
    CniCommand command,
    String containerId,
    String networkNamespace,
    String interfaceName,
    CniArguments arguments) {

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
  private static final int MAX_INTERFACE_NAME = 15; // IFNAMSIZ - 1, linux/if.h

  /**
   * Reads and validates what the verb in CNI_COMMAND needs.
   *
   * @throws CniException INVALID_ENVIRONMENT with a sentence that names the variable
   */
  public static CniEnvironment parse(Map<String, String> variables) throws CniException {
    CniCommand command = CniCommand.parse(variables.getOrDefault("CNI_COMMAND", ""));
    return switch (command) {
      case STATUS, GC, VERSION -> new CniEnvironment(command, "", "", "", CniArguments.NONE);
      case ADD, CHECK ->
          new CniEnvironment(
              command,
              containerId(variables, command),
              required(variables, command, "CNI_NETNS"),
              interfaceName(variables, command),
              CniArguments.parse(variables.getOrDefault("CNI_ARGS", "")));
      case DEL ->
          // Arguments are of no use to DEL, so a bad one cannot keep an address occupied.
          new CniEnvironment(
              command,
              containerId(variables, command),
              variables.getOrDefault("CNI_NETNS", ""),
              interfaceName(variables, command),
              CniArguments.NONE);
    };
  }

  static boolean isIdentifier(String text) {
    return IDENTIFIER.matcher(text).matches();
  }

  static boolean isInterfaceName(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_INTERFACE_NAME
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/' && c != ':');
  }

  private static String required(Map<String, String> variables, CniCommand command, String name)
      throws CniException {
    String value = variables.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw invalid(name + " is missing; " + command + " needs it");
    }
    return value;
  }

  private static String containerId(Map<String, String> variables, CniCommand command)
      throws CniException {
    String id = required(variables, command, "CNI_CONTAINERID");
    if (!isIdentifier(id)) {
      throw invalid(
          "CNI_CONTAINERID \"" + id + "\" is invalid; it must match " + IDENTIFIER.pattern());
    }
    return id;
  }

  private static String interfaceName(Map<String, String> variables, CniCommand command)
      throws CniException {
    String name = required(variables, command, "CNI_IFNAME");
    if (!isInterfaceName(name)) {
      throw invalid(
          "CNI_IFNAME \""
              + name
              + "\" is invalid; it has 1 to 15 printable characters, none of them / or : or a blank, and"
              + " is neither . nor ..");
    }
    return name;
  }

  private static CniException invalid(String sentence) {
    return new CniException(CniErrorCode.INVALID_ENVIRONMENT, sentence);
  }
}
