package io.fairlead.agent.why;

import io.fairlead.agent.server.RefusedException;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is meant by a word of the command line, before anything is known of the cluster. */
public sealed interface Asked {

  /** An IP address. */
  record Literal(IpAddress address) implements Asked {}

  /** This node. */
  record Host() implements Asked {}

  /** Somebody outside the cluster, whoever that is. */
  record Outside() implements Asked {}

  /** A node by its name. */
  record NamedNode(String name) implements Asked {}

  /**
   * A pod or a Service.
   *
   * @param kind null if the word does not say
   */
  record Named(@Nullable Kind kind, ObjectKey key) implements Asked {}

  /** What a name is of. */
  enum Kind {
    POD,
    SERVICE
  }

  /**
   * Reads "web", "default/web", "pod/web", "service/default/web", "node/node-1", "host", "outside"
   * or an address.
   *
   * @param namespace of names that do not say theirs
   * @throws RefusedException if it is none of these
   */
  static Asked parse(String word, String namespace) throws RefusedException {
    if (word.equals("host")) {
      return new Host();
    }
    if (word.equals("outside")) {
      return new Outside();
    }
    IpAddress address = address(word);
    if (address != null) {
      return new Literal(address);
    }
    String[] parts = word.toLowerCase(Locale.ROOT).equals(word) ? word.split("/", -1) : NOTHING;
    for (String part : parts) {
      if (!part.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?")) {
        throw unknown(word);
      }
    }
    boolean isNode = parts.length == 2 && Set.of("node", "no").contains(parts[0]);
    Kind kind = parts.length < 2 ? null : kind(parts[0]);
    return switch (parts.length) {
      case 1 -> new Named(null, new ObjectKey(namespace, parts[0]));
      case 2 ->
          isNode
              ? new NamedNode(parts[1])
              : kind != null
                  ? new Named(kind, new ObjectKey(namespace, parts[1]))
                  : new Named(null, new ObjectKey(parts[0], parts[1]));
      case 3 -> {
        if (kind == null) {
          throw unknown(word);
        }
        yield new Named(kind, new ObjectKey(parts[1], parts[2]));
      }
      default -> throw unknown(word);
    };
  }

  /** What a word in capitals is split into. */
  String[] NOTHING = {};

  private static @Nullable IpAddress address(String word) {
    if (!word.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      return null;
    }
    try {
      return IpAddress.parse(word);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Kind kind(String word) {
    return switch (word) {
      case "pod", "po", "pods" -> Kind.POD;
      case "service", "svc", "services" -> Kind.SERVICE;
      default -> null;
    };
  }

  private static RefusedException unknown(String word) {
    return new RefusedException(
        "\""
            + word
            + "\" is nobody. Name a pod or Service (web, default/web, pod/web, service/default/web),"
            + " a node (node/NAME), an IP address, host or outside");
  }
}
