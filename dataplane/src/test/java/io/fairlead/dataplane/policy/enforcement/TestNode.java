package io.fairlead.dataplane.policy.enforcement;

import static io.fairlead.dataplane.policy.PolicyText.key;
import static io.fairlead.dataplane.policy.PolicyText.labels;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.policy.PolicyText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The node "here", told of things in few words. */
final class TestNode {

  final Enforcement enforcement;

  TestNode(boolean complete) {
    enforcement = new Enforcement("here", complete);
  }

  TestNode() {
    this(false);
  }

  static List<IpAddress> addresses(String text) {
    List<IpAddress> addresses = new ArrayList<>();
    for (String word : text.isEmpty() ? List.<String>of() : List.of(text.split(" ", -1))) {
      addresses.add(IpAddress.parse(word));
    }
    return addresses;
  }

  /** A pod's record, to be varied. */
  record Pod(
      String key,
      String node,
      String labels,
      String addresses,
      String uid,
      long created,
      boolean hostNetwork,
      List<ContainerPort> ports) {

    static Pod here(String key, String labels, String addresses) {
      return new Pod(key, "here", labels, addresses, "", 0, false, List.of());
    }

    static Pod there(String key, String labels, String addresses) {
      return new Pod(key, "there", labels, addresses, "", 0, false, List.of());
    }

    Pod uid(String other) {
      return new Pod(key, node, labels, addresses, other, created, hostNetwork, ports);
    }

    Pod created(long other) {
      return new Pod(key, node, labels, addresses, uid, other, hostNetwork, ports);
    }

    Pod onHostNetwork() {
      return new Pod(key, node, labels, addresses, uid, created, true, ports);
    }

    Pod ports(ContainerPort... other) {
      return new Pod(key, node, labels, addresses, uid, created, hostNetwork, List.of(other));
    }
  }

  TestNode pod(Pod pod) {
    enforcement.pod(
        key(pod.key),
        new PodRecord(
            key(pod.key),
            pod.uid,
            labels(pod.labels),
            addresses(pod.addresses),
            pod.node,
            pod.hostNetwork,
            pod.ports,
            pod.created));
    return this;
  }

  TestNode podGone(String key) {
    enforcement.pod(key(key), null);
    return this;
  }

  TestNode namespace(String name, String labels) {
    String all = labels + " " + NamespaceRecord.NAME_LABEL + "=" + name;
    enforcement.namespace(name, new NamespaceRecord(name, labels(all)));
    return this;
  }

  TestNode policy(NetworkPolicyRecord policy) {
    enforcement.policy(policy.key(), policy);
    return this;
  }

  TestNode policyGone(String key) {
    enforcement.policy(key(key), null);
    return this;
  }

  TestNode attach(String id, @Nullable String pod, String uid, String addresses) {
    enforcement.attach(
        new PodAttachment(id, pod == null ? null : key(pod), uid, addresses(addresses)));
    return this;
  }

  TestNode detach(String id) {
    enforcement.detach(id);
    return this;
  }

  /** The policies that isolate an address: "in x/p, x/q out x/r", or "shut in". */
  String subject(String address) {
    Subject subject = enforcement.subject(IpAddress.parse(address));
    if (subject == null) {
      return "shut in";
    }
    return subject.equals(Subject.FREE)
        ? "free"
        : ("in " + text(subject.ingress()) + " out " + text(subject.egress())).strip();
  }

  private static String text(List<?> keys) {
    return String.join(", ", keys.stream().map(Object::toString).toList());
  }

  /** The addresses that a selector of a policy in this namespace means. */
  String members(String namespace, Peer peer) {
    return text(enforcement.members(selector(namespace, peer)));
  }

  static PeerSelector selector(String namespace, Peer peer) {
    return PeerSelector.of(namespace, (Peer.Pods) peer);
  }

  static String text(Set<IpAddress> addresses) {
    return String.join(" ", new TreeSet<>(addresses).stream().map(Object::toString).toList());
  }

  /** The name of the pod that has an address. */
  String owner(String address) {
    PodRecord pod = enforcement.pod(IpAddress.parse(address));
    return pod == null ? "nobody" : pod.key().toString();
  }

  /** A policy that isolates all pods of a namespace in both directions and allows some peers. */
  static NetworkPolicyRecord allowing(String key, Peer... peers) {
    return new NetworkPolicyRecord(
        key(key),
        LabelSelector.EVERYTHING,
        List.of(PolicyText.with(peers)),
        List.of(PolicyText.with(peers)));
  }
}
