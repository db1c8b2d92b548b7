package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Operator;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Policies in few words. Selectors are written as for kubectl; empty text is everything. */
final class Policies {

  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "(?<absent>!)?(?<key>[^!=,() ]+)"
              + "(?:(?<not>!)?=(?<value>[^,()]*)|(?: (?<set>in|notin) \\((?<values>[^)]*)\\)))?"
              + "(?:,|$)");

  private Policies() {}

  static LabelSelector selector(String text) {
    List<Requirement> requirements = new ArrayList<>();
    Matcher matcher = REQUIREMENT.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw new IllegalArgumentException("\"" + text + "\" is not a selector");
      }
      requirements.add(requirement(matcher));
      end = matcher.end();
    }
    return new LabelSelector(requirements);
  }

  private static Requirement requirement(Matcher matcher) {
    String key = matcher.group("key");
    if (matcher.group("absent") != null) {
      return new Requirement(key, Operator.DOES_NOT_EXIST, List.of());
    }
    String value = matcher.group("value");
    if (value != null) {
      Operator operator = matcher.group("not") == null ? Operator.IN : Operator.NOT_IN;
      return new Requirement(key, operator, List.of(value));
    }
    String set = matcher.group("set");
    if (set != null) {
      Operator operator = set.equals("in") ? Operator.IN : Operator.NOT_IN;
      return new Requirement(key, operator, List.of(matcher.group("values").split(",", -1)));
    }
    return new Requirement(key, Operator.EXISTS, List.of());
  }

  static Peer pods(String pods) {
    return new Peer.Pods(null, selector(pods));
  }

  static Peer namespaces(String namespaces) {
    return new Peer.Pods(selector(namespaces), LabelSelector.EVERYTHING);
  }

  static Peer pods(String namespaces, String pods) {
    return new Peer.Pods(selector(namespaces), selector(pods));
  }

  static Peer block(String cidr, String... except) {
    return new Peer.Block(Cidr.parse(cidr), PodNetwork.cidrs(except));
  }

  static Port port(Protocol protocol, int port) {
    return Port.Range.of(protocol, port);
  }

  static Port tcp(int port) {
    return port(Protocol.TCP, port);
  }

  static Port udp(int port) {
    return port(Protocol.UDP, port);
  }

  static Port sctp(int port) {
    return port(Protocol.SCTP, port);
  }

  static Port range(Protocol protocol, int first, int last) {
    return new Port.Range(protocol, first, last);
  }

  static Port every(Protocol protocol) {
    return Port.Range.every(protocol);
  }

  static Port named(Protocol protocol, String name) {
    return new Port.Named(protocol, name);
  }

  /** A rule for some peers at any port; for everybody if there are none. */
  static Rule with(Peer... peers) {
    return new Rule(peers.length == 0 ? null : List.of(peers), null);
  }

  /** A rule for some ports with anybody. */
  static Rule at(Port... ports) {
    return new Rule(null, List.of(ports));
  }

  static Rule rule(List<Peer> peers, Port... ports) {
    return new Rule(peers, List.of(ports));
  }

  /** A policy that isolates in one direction; without rules it allows nothing. */
  static NetworkPolicyRecord policy(
      PolicyDirection direction, String namespace, String name, String pods, Rule... rules) {
    return switch (direction) {
      case INGRESS -> both(namespace, name, pods, List.of(rules), null);
      case EGRESS -> both(namespace, name, pods, null, List.of(rules));
    };
  }

  static NetworkPolicyRecord ingress(String namespace, String name, String pods, Rule... rules) {
    return policy(PolicyDirection.INGRESS, namespace, name, pods, rules);
  }

  static NetworkPolicyRecord egress(String namespace, String name, String pods, Rule... rules) {
    return policy(PolicyDirection.EGRESS, namespace, name, pods, rules);
  }

  /** A policy with rules for both directions; null does not isolate in one. */
  static NetworkPolicyRecord both(
      String namespace,
      String name,
      String pods,
      @Nullable List<Rule> ingress,
      @Nullable List<Rule> egress) {
    return new NetworkPolicyRecord(new ObjectKey(namespace, name), selector(pods), ingress, egress);
  }
}
