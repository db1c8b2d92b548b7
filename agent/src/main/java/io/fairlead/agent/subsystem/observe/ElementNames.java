package io.fairlead.agent.subsystem.observe;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is meant by the texts of elements and virtual servers: it finds addresses, ports and
 * networks in them, and has them named. A Service that is gone keeps its name for a while. For the
 * reconciling thread only.
 */
final class ElementNames {

  private static final int MOST_REMEMBERED = 4096;
  private static final Pattern VIRTUAL_SERVER =
      Pattern.compile("\\[?([0-9a-f.:]+)\\]?:([0-9]+)/(tcp|udp|sctp)");

  private final NameBook names;

  /** What was named last, since an element goes when the Service is gone already. */
  private final Map<FrontendAddress, String> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FrontendAddress, String> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  ElementNames(NameBook names) {
    this.names = names;
  }

  /**
   * What an element is about, as "Service default/web port http -> pod default/web-1"; empty if
   * nothing in it has a name.
   *
   * @param set its name, which tells the family of node ports
   * @param text as nft writes it: "10.96.0.80 . tcp . 80 . 0 : 10.244.1.3 . 8080"
   */
  String element(String set, String text) {
    int colon = text.indexOf(" : ");
    String key = colon < 0 ? text : text.substring(0, colon);
    String left = String.join(", ", things(set, tokens(key)));
    String right =
        colon < 0 ? "" : String.join(", ", things(set, tokens(text.substring(colon + 3))));
    return right.isEmpty() ? left : left.isEmpty() ? right : left + " -> " + right;
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    for (String part : text.split(" \\. ", -1)) {
      int end = part.indexOf(' '); // What follows is a timeout, a comment or a counter.
      tokens.add(end < 0 ? part : part.substring(0, end));
    }
    return tokens;
  }

  private Set<String> things(String set, List<String> tokens) {
    Set<String> things = new LinkedHashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      String thing = thing(set, tokens, i);
      if (!thing.isEmpty()) {
        things.add(thing);
      }
    }
    return things;
  }

  private String thing(String set, List<String> tokens, int at) {
    String token = tokens.get(at);
    Protocol protocol = protocol(token);
    if (protocol != null) {
      // A port without an address before it is every node's.
      return at == 0 && tokens.size() > 1 ? service(nodePort(set, protocol, tokens.get(1))) : "";
    }
    IpAddress address = address(token);
    if (address == null) {
      return network(token);
    }
    Protocol behind = at + 2 < tokens.size() ? protocol(tokens.get(at + 1)) : null;
    String service =
        behind == null ? "" : service(virtual(address, behind, port(tokens.get(at + 2))));
    return service.isEmpty() ? names.thing(address) : service;
  }

  private @Nullable FrontendAddress nodePort(String set, Protocol protocol, String word) {
    int port = port(word);
    AddressFamily family = set.endsWith("ipv6") ? AddressFamily.IPV6 : AddressFamily.IPV4;
    return port == 0 ? null : new NodePort(family, protocol, port);
  }

  private static @Nullable FrontendAddress virtual(IpAddress address, Protocol protocol, int port) {
    return port == 0 ? null : new VirtualAddress(address, protocol, port);
  }

  private String service(@Nullable FrontendAddress address) {
    if (address == null) {
      return "";
    }
    String name = names.service(address);
    if (name.isEmpty()) {
      String former = remembered.get(address);
      return former == null ? "" : "Service " + former;
    }
    remembered.put(address, name);
    return "Service " + name;
  }

  /** "pods of node-2" for "10.244.2.0/24"; empty for what is no node's network. */
  String network(String word) {
    if (word.indexOf('/') < 0) {
      return "";
    }
    try {
      String node = names.node(Cidr.parse(word));
      return node.isEmpty() ? "" : "pods of " + node;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** What an operation of IPVS is about. */
  String virtualServer(String operation) {
    Set<String> things = new LinkedHashSet<>();
    Matcher matcher = VIRTUAL_SERVER.matcher(operation);
    while (matcher.find()) {
      IpAddress address = address(matcher.group(1));
      Protocol protocol = protocol(matcher.group(3));
      if (address != null && protocol != null) {
        things.add(service(virtual(address, protocol, port(matcher.group(2)))));
      }
    }
    things.remove("");
    return String.join(", ", things);
  }

  private static @Nullable Protocol protocol(String word) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.name().toLowerCase(Locale.ROOT).equals(word)) {
        return protocol;
      }
    }
    return null;
  }

  private static int port(String word) {
    return word.matches("[0-9]{1,5}") ? Integer.parseInt(word) : 0;
  }

  private static @Nullable IpAddress address(String word) {
    if (word.isEmpty() || !word.matches("[0-9a-f.:]+") || !word.matches(".*[.:].*")) {
      return null;
    }
    try {
      return IpAddress.parse(word);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
