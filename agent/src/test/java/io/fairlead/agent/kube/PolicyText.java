package io.fairlead.agent.kube;

import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rules as tests' tables have them: "any" of everything, "none" of nothing. */
final class PolicyText {

  private PolicyText() {}

  static String peers(@Nullable List<Peer> peers) {
    return text(peers == null ? null : peers.stream().map(PolicyText::peer).toList());
  }

  static String ports(@Nullable List<Port> ports) {
    return text(ports == null ? null : ports.stream().map(PolicyText::port).toList());
  }

  private static String text(@Nullable List<String> parts) {
    if (parts == null) {
      return "any";
    }
    return parts.isEmpty() ? "none" : parts.stream().collect(Collectors.joining(" + "));
  }

  private static String peer(Peer peer) {
    return switch (peer) {
      case Peer.Pods(@Nullable LabelSelector namespaces, LabelSelector pods) ->
          "pods " + selector(pods) + " of " + (namespaces == null ? "here" : selector(namespaces));
      case Peer.Block block -> block.cidr() + " except " + block.except();
    };
  }

  private static String selector(LabelSelector selector) {
    return selector.requirements().isEmpty() ? "*" : selector.toString();
  }

  private static String port(Port port) {
    return switch (port) {
      case Port.Range range -> range.protocol() + " " + range.first() + "-" + range.last();
      case Port.Named named -> named.protocol() + " " + named.name();
    };
  }
}
