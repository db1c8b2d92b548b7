package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The peers of a rule; each that is wrong is left out with a sentence. */
final class PolicyPeers {

  private final List<String> problems;
  private final PolicySelectors selectors;

  PolicyPeers(List<String> problems) {
    this.problems = problems;
    this.selectors = new PolicySelectors(problems);
  }

  List<Peer> read(String place, List<NetworkPolicyPeer> given) {
    List<Peer> peers = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      Peer peer = peer(place + "[" + i + "]", given.get(i));
      if (peer != null) {
        peers.add(SharedValues.shared(peer));
      }
    }
    return peers;
  }

  private @Nullable Peer peer(String place, @Nullable NetworkPolicyPeer given) {
    if (given == null) {
      problems.add(place + " is empty");
      return null;
    }
    if (Fields.hasUnknown(place, given.getAdditionalProperties(), problems)) {
      return null;
    }
    boolean selects = given.getPodSelector() != null || given.getNamespaceSelector() != null;
    if (given.getIpBlock() == null) {
      if (!selects) {
        problems.add(place + " names no peer; give it a podSelector, namespaceSelector or ipBlock");
        return null;
      }
      return pods(place, given);
    }
    if (selects) {
      problems.add(place + " has selectors beside an ipBlock; write two peers");
      return null;
    }
    return block(place + ".ipBlock", given.getIpBlock());
  }

  private @Nullable Peer pods(String place, NetworkPolicyPeer given) {
    LabelSelector pods = LabelSelector.EVERYTHING;
    if (given.getPodSelector() != null) {
      pods = selectors.read(place + ".podSelector", given.getPodSelector());
    }
    if (given.getNamespaceSelector() == null) {
      return pods == null ? null : new Peer.Pods(null, pods);
    }
    LabelSelector namespaces =
        selectors.read(place + ".namespaceSelector", given.getNamespaceSelector());
    return pods == null || namespaces == null ? null : new Peer.Pods(namespaces, pods);
  }

  /** An exception that is wrong takes its block along: without it the block would be wider. */
  private @Nullable Peer block(String place, IPBlock given) {
    if (Fields.hasUnknown(place, given.getAdditionalProperties(), problems)) {
      return null;
    }
    Cidr cidr = cidr(place + ".cidr", given.getCidr());
    if (cidr == null) {
      return null;
    }
    List<Cidr> except = new ArrayList<>();
    List<String> texts = given.getExcept() == null ? List.of() : given.getExcept();
    for (int i = 0; i < texts.size(); i++) {
      String at = place + ".except[" + i + "]";
      Cidr hole = cidr(at, texts.get(i));
      if (hole == null) {
        return null;
      }
      if (!cidr.contains(hole) || cidr.equals(hole)) {
        problems.add(at + ": " + hole + " is not a part of " + cidr);
        return null;
      }
      except.add(hole);
    }
    return new Peer.Block(cidr, except);
  }

  private @Nullable Cidr cidr(String place, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      problems.add(place + " is empty");
      return null;
    }
    try {
      Cidr cidr = Cidr.parse(text);
      // Of ::ffff:10.0.0.0/8 the length would be read for the wrong family.
      if (cidr.family() == AddressFamily.IPV4 && text.indexOf(':') >= 0) {
        problems.add(place + ": \"" + text + "\" is IPv4 written as IPv6; write it as IPv4");
        return null;
      }
      return cidr;
    } catch (IllegalArgumentException e) {
      problems.add(place + ": " + e.getMessage());
      return null;
    }
  }
}
