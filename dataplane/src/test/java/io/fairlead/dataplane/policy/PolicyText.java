package io.fairlead.dataplane.policy;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Operator;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Policies and their parts in few words, for tables. */
public final class PolicyText {

  private PolicyText() {}

  /** "namespace/name". */
  public static ObjectKey key(String text) {
    int slash = text.indexOf('/');
    return new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
  }

  /** "a=1 b=2"; empty for none. */
  public static Labels labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    for (String label : words(text)) {
      int equals = label.indexOf('=');
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return Labels.of(labels);
  }

  /** "a=1,2 b!=3 c !d", which is a in (1,2), b notin (3), c exists, d does not; empty for all. */
  public static LabelSelector selector(String text) {
    List<Requirement> requirements = new ArrayList<>();
    for (String word : words(text)) {
      int equals = word.indexOf('=');
      if (word.startsWith("!")) {
        requirements.add(new Requirement(word.substring(1), Operator.DOES_NOT_EXIST, List.of()));
      } else if (equals < 0) {
        requirements.add(new Requirement(word, Operator.EXISTS, List.of()));
      } else {
        boolean not = word.charAt(equals - 1) == '!';
        requirements.add(
            new Requirement(
                word.substring(0, not ? equals - 1 : equals),
                not ? Operator.NOT_IN : Operator.IN,
                List.of(word.substring(equals + 1).split(",", -1))));
      }
    }
    return new LabelSelector(requirements);
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(" +", -1));
  }

  /** A policy that isolates in one direction, from what others may do. */
  public static NetworkPolicyRecord ingress(String key, String pods, Rule... rules) {
    return new NetworkPolicyRecord(key(key), selector(pods), List.of(rules), null);
  }

  /** A policy that isolates in one direction, from what the pods themselves may do. */
  public static NetworkPolicyRecord egress(String key, String pods, Rule... rules) {
    return new NetworkPolicyRecord(key(key), selector(pods), null, List.of(rules));
  }

  /** Any port with some peers; without any, with nobody. */
  public static Rule with(Peer... peers) {
    return new Rule(List.of(peers), null);
  }

  /** Some ports with anybody; without any, nothing. */
  public static Rule on(Port... ports) {
    return new Rule(null, List.of(ports));
  }

  /** Some ports with some peers. */
  public static Rule allow(List<Peer> peers, Port... ports) {
    return new Rule(peers, List.of(ports));
  }

  /** Pods of the policy's namespace. */
  public static Peer pods(String pods) {
    return new Peer.Pods(null, selector(pods));
  }

  /** Pods of the namespaces with certain labels. */
  public static Peer pods(String namespaces, String pods) {
    return new Peer.Pods(selector(namespaces), selector(pods));
  }

  /** A network without some others. */
  public static Peer block(String cidr, String... except) {
    List<Cidr> holes = new ArrayList<>();
    for (String hole : except) {
      holes.add(Cidr.parse(hole));
    }
    return new Peer.Block(Cidr.parse(cidr), holes);
  }

  /** "tcp", "udp 53", "tcp 80-90" or "sctp name". */
  public static Port port(String text) {
    List<String> words = words(text);
    Protocol protocol = Protocol.valueOf(words.getFirst().toUpperCase(Locale.ROOT));
    if (words.size() == 1) {
      return Port.Range.every(protocol);
    }
    String[] ends = words.getLast().split("-", -1);
    return Character.isDigit(ends[0].charAt(0))
        ? new Port.Range(
            protocol, Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
        : new Port.Named(protocol, words.getLast());
  }
}
