package io.fairlead.agent.kube;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a policy allows among a few pods, addresses and ports, to compare two policies by. */
final class PolicyReach {

  private static final List<Labels> LABELS =
      List.of(
          Labels.NONE,
          Labels.of(Map.of("app", "web")),
          Labels.of(Map.of("app", "db")),
          Labels.of(Map.of("app", "other", "tier", "front")),
          Labels.of(Map.of("tier", "back")));

  private static final List<Labels> NAMESPACES =
      List.of(Labels.NONE, Labels.of(Map.of("team", "a")), Labels.of(Map.of("team", "b")));

  private static final List<IpAddress> ADDRESSES =
      List.of(
          IpAddress.parse("10.0.0.1"),
          IpAddress.parse("10.1.0.1"),
          IpAddress.parse("192.0.2.1"),
          IpAddress.parse("fd00::1"),
          IpAddress.parse("fd00:1::1"),
          IpAddress.parse("2001:db8::1"));

  private static final List<Integer> PORTS = List.of(1, 53, 80, 85, 91, 65535);

  private PolicyReach() {}

  /** What {@code after} lets through and {@code before} does not; empty as it should be. */
  static List<String> widened(NetworkPolicyRecord before, NetworkPolicyRecord after) {
    List<String> widened = new ArrayList<>();
    for (Labels pod : LABELS) {
      if (before.pods().matches(pod) && !after.pods().matches(pod)) {
        widened.add("does not select " + pod);
      }
    }
    for (PolicyDirection direction : PolicyDirection.values()) {
      List<Rule> rules = before.rules(direction);
      if (rules == null) {
        continue;
      }
      List<Rule> now = after.rules(direction);
      if (now == null) {
        widened.add("does not isolate in " + direction);
        continue;
      }
      List<String> allowed = allowed(now);
      allowed.removeAll(allowed(rules));
      widened.addAll(allowed);
    }
    return widened;
  }

  private static List<String> allowed(List<Rule> rules) {
    List<String> allowed = new ArrayList<>();
    for (Rule rule : rules) {
      for (String peer : peers(rule.peers())) {
        for (String port : ports(rule.ports())) {
          allowed.add(peer + " " + port);
        }
      }
    }
    return allowed;
  }

  private static List<String> peers(@Nullable List<Peer> peers) {
    List<String> matched = new ArrayList<>();
    for (IpAddress address : ADDRESSES) {
      if (peers == null
          || peers.stream().anyMatch(p -> p instanceof Peer.Block b && b.contains(address))) {
        matched.add(address.toString());
      }
    }
    for (Labels pod : LABELS) {
      if (peers == null || peers.stream().anyMatch(peer -> isPodHere(peer, pod))) {
        matched.add(pod + " here");
      }
      for (Labels namespace : NAMESPACES) {
        if (peers == null || peers.stream().anyMatch(peer -> isPod(peer, namespace, pod))) {
          matched.add(pod + " of " + namespace);
        }
      }
    }
    return matched;
  }

  private static boolean isPodHere(Peer peer, Labels pod) {
    return peer instanceof Peer.Pods pods
        && (pods.namespaces() == null || pods.namespaces().matches(Labels.NONE))
        && pods.pods().matches(pod);
  }

  private static boolean isPod(Peer peer, Labels namespace, Labels pod) {
    return peer instanceof Peer.Pods pods
        && pods.namespaces() != null
        && pods.namespaces().matches(namespace)
        && pods.pods().matches(pod);
  }

  private static List<String> ports(@Nullable List<Port> ports) {
    List<String> matched = new ArrayList<>();
    if (ports == null) {
      matched.add("ICMP");
    }
    for (Protocol protocol : Protocol.values()) {
      for (int number : PORTS) {
        if (ports == null || ports.stream().anyMatch(port -> isRange(port, protocol, number))) {
          matched.add(protocol + " " + number);
        }
      }
      if (ports == null || ports.contains(new Port.Named(protocol, "http"))) {
        matched.add(protocol + " http");
      }
    }
    return matched;
  }

  private static boolean isRange(Port port, Protocol protocol, int number) {
    return port instanceof Port.Range range
        && range.protocol() == protocol
        && range.first() <= number
        && number <= range.last();
  }
}
