package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A small cluster, as the API server tells of it, and the table of one of its nodes. Pods are
 * "namespace/name" with labels as "app=web,tier=front".
 */
final class Cluster {

  static final String NODE = "node-1";
  static final PolicySettings SETTINGS =
      new PolicySettings(
          List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:1::/64")), 100, 10, "br0");

  final Enforcement enforcement = new Enforcement(NODE, false);
  final NftablesPolicies table;

  Cluster(NfTablesKernel kernel) {
    table = new NftablesPolicies(kernel, enforcement, SETTINGS);
  }

  /** Tells the table what changed and commits it; what that took, a line each. */
  String commit() throws IOException {
    table.update(enforcement.take());
    return String.join("\n", table.commit());
  }

  static ObjectKey key(String text) {
    int slash = text.indexOf('/');
    return new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
  }

  static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    for (String label : text.isEmpty() ? new String[0] : text.split(",")) {
      labels.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
    }
    return labels;
  }

  /** The selector of those labels. */
  static LabelSelector selector(String text) {
    return new LabelSelector(
        labels(text).entrySet().stream()
            .map(label -> Requirement.equal(label.getKey(), label.getValue()))
            .toList());
  }

  void namespace(String name, String labels) {
    Map<String, String> map = labels(labels);
    map.put("kubernetes.io/metadata.name", name);
    enforcement.namespace(name, new NamespaceRecord(name, Labels.of(map)));
  }

  /** A pod of this node. */
  void local(String pod, String labels, String... addresses) {
    pod(pod, labels, NODE, List.of(), addresses);
  }

  /** A pod of another node. */
  void remote(String pod, String labels, String... addresses) {
    pod(pod, labels, "node-2", List.of(), addresses);
  }

  void pod(String pod, String labels, String node, List<ContainerPort> ports, String... addresses) {
    List<IpAddress> parsed = Arrays.stream(addresses).map(IpAddress::parse).toList();
    PodRecord record =
        new PodRecord(key(pod), "", Labels.of(labels(labels)), parsed, node, false, ports, 0);
    enforcement.pod(record.key(), record);
  }

  void gone(String pod) {
    enforcement.pod(key(pod), null);
  }

  /** A policy for the pods with these labels. */
  void policy(String name, String pods, @Nullable List<Rule> ingress, @Nullable List<Rule> egress) {
    ObjectKey key = key(name);
    enforcement.policy(key, new NetworkPolicyRecord(key, selector(pods), ingress, egress));
  }

  void withoutPolicy(String name) {
    enforcement.policy(key(name), null);
  }

  /** A rule for peers of any port. */
  static Rule peers(Peer... peers) {
    return new Rule(List.of(peers), null);
  }

  /** A rule for ports of anybody. */
  static Rule ports(Port... ports) {
    return new Rule(null, List.of(ports));
  }

  /** Pods of the policy's namespace. */
  static Peer pods(String labels) {
    return new Peer.Pods(null, selector(labels));
  }

  /** Pods of namespaces with these labels. */
  static Peer pods(String namespaces, String labels) {
    return new Peer.Pods(selector(namespaces), selector(labels));
  }

  static Peer.Block block(String cidr, String... except) {
    List<Cidr> holes = new ArrayList<>();
    for (String hole : except) {
      holes.add(Cidr.parse(hole));
    }
    return new Peer.Block(Cidr.parse(cidr), holes);
  }
}
