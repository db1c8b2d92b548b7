package io.fairlead.agent.config;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns words into typed values. A word that cannot be one becomes a problem, and a stand-in is
 * returned so that the rest is checked too.
 */
final class ValueParser {

  /** RFC 1123 subdomain, which Kubernetes asks of a node's name. */
  private static final Pattern NODE_NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final Pattern SOCKET_ADDRESS = Pattern.compile("(?:\\[([^]]+)]|([^:]+)):([0-9]+)");

  /** sizeof(sun_path) of linux/un.h, less the final zero byte. */
  private static final int LONGEST_SOCKET_PATH = 107;

  private final Map<ConfigurationKey, LocatedValue> located;
  private final List<String> problems;

  ValueParser(Map<ConfigurationKey, LocatedValue> located, List<String> problems) {
    this.located = located;
    this.problems = problems;
  }

  private LocatedValue value(ConfigurationKey key) {
    LocatedValue given = located.get(key);
    return given != null ? given : LocatedValue.of(key.defaultValue(), key.flag());
  }

  List<String> words(ConfigurationKey key) {
    return value(key).words();
  }

  String word(ConfigurationKey key) {
    return value(key).words().getFirst().strip();
  }

  void problem(ConfigurationKey key, String sentence) {
    problems.add(value(key).place() + ": " + key.key() + " " + sentence);
  }

  String nodeName(String defaultName) {
    if (!located.containsKey(ConfigurationKey.NODE_NAME)) {
      // The kubelet registers the host's name in lower case.
      return defaultName.toLowerCase(java.util.Locale.ROOT);
    }
    String name = word(ConfigurationKey.NODE_NAME);
    if (!NODE_NAME.matcher(name).matches() || name.length() > 253) {
      problem(
          ConfigurationKey.NODE_NAME,
          "\"" + name + "\" cannot be a Node's name. Write it as `kubectl get nodes` prints it");
    }
    return name;
  }

  <T extends Spelled> T choice(ConfigurationKey key, T fallback, T[] choices) {
    String word = word(key);
    for (T choice : choices) {
      if (choice.spelling().equals(word)) {
        return choice;
      }
    }
    notAChoice(key, word, Arrays.stream(choices).map(Spelled::spelling).toList());
    return fallback;
  }

  void notAChoice(ConfigurationKey key, String word, List<String> spellings) {
    String nearest = NearestMatch.of(word, spellings);
    problem(
        key,
        "cannot be \""
            + word
            + "\". "
            + (nearest != null ? "Did you mean " + nearest + "? " : "")
            + "It is one of "
            + String.join(", ", spellings));
  }

  boolean flag(ConfigurationKey key) {
    String word = word(key);
    if (!word.equals("true") && !word.equals("false")) {
      notAChoice(key, word, List.of("true", "false"));
    }
    return word.equals("true");
  }

  /** Null, and a problem, if the word is no duration. */
  @Nullable Duration duration(ConfigurationKey key) {
    Duration duration = DurationText.parse(word(key));
    if (duration == null) {
      problem(
          key, "\"" + word(key) + "\" is not a duration. Write it like 15m, 90s or 1h30m, or 0");
    }
    return duration;
  }

  List<Cidr> cidrs(ConfigurationKey key) {
    List<Cidr> cidrs = new ArrayList<>();
    for (String word : value(key).words()) {
      if (word.isBlank()) {
        continue;
      }
      try {
        Cidr cidr = Cidr.parse(word);
        if (cidrs.stream().anyMatch(other -> other.family() == cidr.family())) {
          problem(
              key,
              "has a second "
                  + cidr.family().kubernetesName()
                  + " prefix, "
                  + cidr
                  + ". Give at most one per IP family");
        }
        cidrs.add(cidr);
      } catch (IllegalArgumentException e) {
        problem(key, "has a bad entry: " + e.getMessage());
      }
    }
    return cidrs;
  }

  /** Any number of prefixes; those within another are left out. */
  List<Cidr> disjointCidrs(ConfigurationKey key) {
    List<Cidr> cidrs = new ArrayList<>();
    for (String word : words(key)) {
      if (!word.isBlank()) {
        try {
          cidrs.add(Cidr.parse(word));
        } catch (IllegalArgumentException e) {
          problem(key, "has a bad entry: " + e.getMessage());
        }
      }
    }
    return Cidr.disjoint(cidrs);
  }

  @Nullable Path optionalPath(ConfigurationKey key) {
    return word(key).isEmpty() ? null : path(key);
  }

  Path path(ConfigurationKey key) {
    String word = word(key);
    try {
      if (!word.isEmpty()) {
        return Path.of(word).toAbsolutePath().normalize();
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    problem(key, "\"" + word + "\" is not a path. Write an absolute path such as /run/fairlead");
    return Path.of("/");
  }

  Path socket(ConfigurationKey key) {
    Path path = path(key);
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
      problem(
          key,
          "is longer than the "
              + LONGEST_SOCKET_PATH
              + " bytes that a Unix socket's path may have. Choose a shorter folder");
    }
    return path;
  }

  InetSocketAddress socketAddress(ConfigurationKey key) {
    String word = word(key);
    Matcher matcher = SOCKET_ADDRESS.matcher(word);
    if (matcher.matches() && matcher.group(3).length() <= 5) {
      int port = Integer.parseInt(matcher.group(3));
      String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      try {
        if (port <= 65535) {
          return new InetSocketAddress(
              InetAddress.getByAddress(IpAddress.parse(host).bytes()), port);
        }
      } catch (IllegalArgumentException | UnknownHostException e) {
        // Said below.
      }
    }
    problem(
        key, "\"" + word + "\" is not an address and a port. Write 0.0.0.0:10256 or [::]:10256");
    return new InetSocketAddress(0);
  }

  String interfaceName(ConfigurationKey key) {
    String name = word(key);
    if (!canNameAnInterface(name)) {
      problem(
          key,
          "\"" + name + "\" cannot name an interface. Use 1 to 15 letters, digits, dots, dashes");
    }
    return name;
  }

  static boolean canNameAnInterface(String name) {
    return name.length() <= 15 && name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*");
  }

  int mtu() {
    String word = word(ConfigurationKey.MTU);
    if (word.matches("[0-9]{1,5}")) {
      int mtu = Integer.parseInt(word);
      if (mtu == 0 || (mtu >= 1280 && mtu <= 65535)) {
        return mtu;
      }
    }
    problem(
        ConfigurationKey.MTU,
        "\"" + word + "\" is not an MTU. Write 0, or a number of bytes from 1280 to 65535");
    return 0;
  }

  /** Checks what only several values together can show. */
  void checkTogether(AgentConfiguration configuration) {
    if (configuration.kubeconfig() != null && configuration.manifests() != null) {
      problem(
          ConfigurationKey.MANIFESTS,
          "and kubeconfig are both given. Give one: objects come from an API server or a folder");
    }
    if (configuration.services().detectLocal() instanceof DetectLocal.ClusterCidr
        && configuration.clusterCidrs().isEmpty()) {
      problem(
          ConfigurationKey.DETECT_LOCAL,
          "is cluster-cidr, and there is no cluster-cidr. Give it, or choose another mode");
    }
    for (Cidr service : configuration.serviceCidrs()) {
      for (Cidr cluster : configuration.clusterCidrs()) {
        if (service.overlaps(cluster)) {
          problem(
              ConfigurationKey.SERVICE_CIDR,
              service
                  + " overlaps cluster-cidr "
                  + cluster
                  + ". Pods and Services need prefixes of their own");
        }
      }
    }
    if (configuration.cniSocket().equals(configuration.adminSocket())) {
      problem(
          ConfigurationKey.ADMIN_SOCKET,
          "and cni-socket are the same path. Give each its own file");
    }
  }
}
