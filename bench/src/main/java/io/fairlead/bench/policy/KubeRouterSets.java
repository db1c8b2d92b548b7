package io.fairlead.bench.policy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The input of "ipset restore -exist" that kube-router writes at each sync: every set of the
 * policies of the cluster, filled in a temporary set for its type that is swapped with it.
 */
final class KubeRouterSets {

  private enum Type {
    ADDRESSES("hash:ip timeout 0", "TMP-ADDRESSES"),
    NETWORKS("hash:net timeout 0", "TMP-NETWORKS");

    private final String options;
    private final String temporary;

    Type(String options, String temporary) {
      this.options = options;
      this.temporary = temporary;
    }
  }

  private record Content(Type type, List<String> entries) {}

  /** By name, which is the order in which they are written. */
  private final Map<String, Content> sets = new TreeMap<>();

  /** A set of addresses. */
  void addresses(String name, List<String> addresses) {
    sets.put(name, new Content(Type.ADDRESSES, addresses));
  }

  /** A set of networks, each with its options, such as "nomatch", behind it. */
  void networks(String name, List<String> networks) {
    sets.put(name, new Content(Type.NETWORKS, networks));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (Type type : Type.values()) {
      text.append("create ").append(type.temporary).append(' ').append(type.options).append('\n');
      text.append("flush ").append(type.temporary).append('\n');
    }
    sets.forEach((name, content) -> {
      Type type = content.type();
      for (String entry : content.entries()) {
        text.append("add ").append(type.temporary).append(' ').append(entry).append('\n');
      }
      text.append("create ").append(name).append(' ').append(type.options).append('\n');
      text.append("swap ").append(type.temporary).append(' ').append(name).append('\n');
      text.append("flush ").append(type.temporary).append('\n');
    });
    for (Type type : Type.values()) {
      text.append("destroy ").append(type.temporary).append('\n');
    }
    return text.toString();
  }

  /** The names of all. */
  List<String> names() {
    return List.copyOf(sets.keySet());
  }
}
