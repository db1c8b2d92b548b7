package io.fairlead.agent.why;

import io.fairlead.agent.config.NearestMatch;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds who is meant. Looks at everything once per question, which only people ask. */
record Directory(NodeFacts facts) {

  /** Stands for everybody outside: of the networks for documentation (RFC 5737, RFC 3849). */
  private static final List<IpAddress> SOMEBODY =
      List.of(IpAddress.parse("203.0.113.1"), IpAddress.parse("2001:db8::1"));

  /**
   * Who sends.
   *
   * @throws RefusedException if there is nobody of that name
   */
  List<Party> senders(Asked asked) throws RefusedException {
    if (asked instanceof Asked.Outside) {
      return SOMEBODY.stream().<Party>map(each -> new Party.OfAddress(each, true)).toList();
    }
    Party party = find(asked, Asked.Kind.POD);
    if (party instanceof Party.OfService service) {
      throw new RefusedException(
          "A Service sends nothing. Name one of the pods behind "
              + service.service().key()
              + " as the source");
    }
    return List.of(party);
  }

  /**
   * Who is sent to.
   *
   * @throws RefusedException if there is nobody of that name
   */
  List<Party> receivers(Asked asked) throws RefusedException {
    if (asked instanceof Asked.Outside) {
      return SOMEBODY.stream().<Party>map(each -> new Party.OfAddress(each, true)).toList();
    }
    return List.of(find(asked, Asked.Kind.SERVICE));
  }

  private Party find(Asked asked, Asked.Kind preferred) throws RefusedException {
    return switch (asked) {
      case Asked.Literal(IpAddress address) -> byAddress(address);
      case Asked.Host() -> node(facts.node());
      case Asked.NamedNode(String name) -> node(name);
      case Asked.Named(Asked.@Nullable Kind kind, ObjectKey key) -> named(kind, key, preferred);
      case Asked.Outside() -> throw new IllegalArgumentException("nobody in particular");
    };
  }

  private Party named(Asked.@Nullable Kind kind, ObjectKey key, Asked.Kind preferred)
      throws RefusedException {
    Party pod = kind == Asked.Kind.SERVICE ? null : pod(key);
    ServiceRecord record = kind == Asked.Kind.POD ? null : facts.view().service(key);
    Party service = record == null ? null : new Party.OfService(record);
    Party first = preferred == Asked.Kind.POD ? pod : service;
    Party second = preferred == Asked.Kind.POD ? service : pod;
    if (first != null) {
      return first;
    }
    if (second != null) {
      return second;
    }
    throw nobody(kind, key);
  }

  private @Nullable Party pod(ObjectKey key) throws RefusedException {
    LocalPod local = local(key);
    PodRecord record = facts.view().policyObjects().pod(key);
    if (record == null && local == null) {
      return null;
    }
    if (record != null && record.hostNetwork()) {
      return node(record.node() == null ? "" : record.node());
    }
    List<IpAddress> addresses =
        local == null && record != null
            ? record.addresses()
            : local == null ? List.of() : local.addresses();
    if (addresses.isEmpty()) {
      throw new RefusedException(
          "Pod "
              + key
              + " has no address yet"
              + (record == null || record.node() == null ? ", since it is on no node" : ""));
    }
    return new Party.OfPod(
        key,
        addresses,
        local != null ? facts.node() : record == null ? null : record.node(),
        local);
  }

  private @Nullable LocalPod local(ObjectKey key) {
    return facts.pods().stream().filter(pod -> pod.key().equals(key)).findFirst().orElse(null);
  }

  /** Whose an address is; Services' addresses are told by their claims. */
  Party byAddress(IpAddress address) throws RefusedException {
    for (LocalPod pod : facts.pods()) {
      if (pod.addresses().contains(address)) {
        return new Party.OfPod(pod.key(), pod.addresses(), facts.node(), pod);
      }
    }
    for (NodeRecord node : facts.view().nodes()) {
      if (node.addresses().contains(address)) {
        return new Party.OfNode(node, node.name().equals(facts.node()), address);
      }
    }
    for (PodRecord pod : facts.view().policyObjects().pods()) {
      if (!pod.hostNetwork() && pod.addresses().contains(address)) {
        return new Party.OfPod(pod.key(), pod.addresses(), pod.node(), null);
      }
    }
    return new Party.OfAddress(address, false);
  }

  /** The node whose pods have an address; null if no node's do. */
  @Nullable NodeRecord nodeOfPods(IpAddress address) {
    for (NodeRecord node : facts.view().nodes()) {
      if (node.podCidrs().stream().anyMatch(cidr -> cidr.contains(address))) {
        return node;
      }
    }
    return null;
  }

  private Party node(String name) throws RefusedException {
    NodeRecord node = facts.view().node(name);
    if (node == null) {
      Set<String> names = new HashSet<>();
      facts.view().nodes().forEach(each -> names.add(each.name()));
      String nearest = NearestMatch.of(name, names);
      throw new RefusedException(
          "There is no node \""
              + name
              + "\""
              + (nearest == null ? "" : ". Did you mean " + nearest + "?"));
    }
    return new Party.OfNode(node, name.equals(facts.node()), null);
  }

  private RefusedException nobody(Asked.@Nullable Kind kind, ObjectKey key) {
    Set<String> names = new HashSet<>();
    List<String> elsewhere = new ArrayList<>();
    if (kind != Asked.Kind.POD) {
      facts.view().services().forEach(service -> note(service.key(), key, names, elsewhere));
    }
    if (kind != Asked.Kind.SERVICE) {
      facts.pods().forEach(pod -> note(pod.key(), key, names, elsewhere));
      facts.view().policyObjects().pods().forEach(pod -> note(pod.key(), key, names, elsewhere));
    }
    String nearest = NearestMatch.of(key.name(), names);
    String what =
        kind == null
            ? "pod or Service"
            : kind == Asked.Kind.POD ? "pod" : "Service with an address";
    String mend =
        !elsewhere.isEmpty()
            ? ". There is " + elsewhere.getFirst()
            : nearest != null ? ". Did you mean " + nearest + "?" : "";
    boolean knowsPods = facts.policies().isPresent();
    return new RefusedException(
        "There is no "
            + what
            + " "
            + key
            + mend
            + (kind == Asked.Kind.SERVICE || knowsPods
                ? ""
                : ". Pods of other nodes are known to agents that enforce policies only: name an IP"
                    + " address"));
  }

  private static void note(
      ObjectKey found, ObjectKey wanted, Set<String> names, List<String> elsewhere) {
    if (found.namespace().equals(wanted.namespace())) {
      names.add(found.name());
    } else if (found.name().equals(wanted.name())) {
      elsewhere.add(found.toString());
    }
  }
}
