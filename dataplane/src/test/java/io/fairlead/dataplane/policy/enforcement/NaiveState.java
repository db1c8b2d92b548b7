package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.ClusterPolicies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Enforcement} has to say, worked out anew from all records for every question: it
 * remembers nothing but what has to be remembered, the last record of an interface's pod.
 */
final class NaiveState implements ClusterPolicies {

  private final String node;
  private final boolean complete;
  private final Set<IpAddress> known = new TreeSet<>();
  private final Map<ObjectKey, PodRecord> pods = new TreeMap<>();
  private final Map<String, NamespaceRecord> namespaces = new TreeMap<>();
  private final Map<ObjectKey, NetworkPolicyRecord> policies = new TreeMap<>();

  /** In the order in which they came. */
  private final Map<String, PodAttachment> attachments = new LinkedHashMap<>();

  private final Map<String, PodRecord> lastRecords = new HashMap<>();

  NaiveState(String node, boolean complete) {
    this.node = node;
    this.complete = complete;
  }

  void pod(ObjectKey key, @Nullable PodRecord pod) {
    put(pods, key, pod);
    if (pod != null) {
      known.addAll(pod.addresses());
    }
    remember();
  }

  void namespace(String name, @Nullable NamespaceRecord namespace) {
    put(namespaces, name, namespace);
  }

  void policy(ObjectKey key, @Nullable NetworkPolicyRecord policy) {
    put(policies, key, policy);
  }

  private static <K, V> void put(Map<K, V> map, K key, @Nullable V value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  void attach(PodAttachment attachment) {
    known.addAll(attachment.addresses());
    PodAttachment former = attachments.get(attachment.id());
    if (attachment.equals(former)) {
      return;
    }
    attachments.remove(attachment.id());
    attachments.put(attachment.id(), attachment);
    if (former == null
        || attachment.pod() == null
        || !attachment.pod().equals(former.pod())
        || !attachment.uid().equals(former.uid())) {
      lastRecords.remove(attachment.id());
    }
    remember();
  }

  void detach(String id) {
    attachments.remove(id);
    lastRecords.remove(id);
  }

  private void remember() {
    attachments.forEach((id, attachment) -> {
      PodRecord record = attachment.pod() == null ? null : pods.get(attachment.pod());
      if (record != null && isOf(attachment, record)) {
        lastRecords.put(id, record);
      } else if (record == null && complete) {
        lastRecords.remove(id);
      }
    });
  }

  private boolean isOf(PodAttachment attachment, PodRecord record) {
    if (attachment.uid().isEmpty() || record.uid().isEmpty()) {
      return record.node() == null || record.node().equals(node);
    }
    return attachment.uid().equals(record.uid());
  }

  private Occupant occupant(PodAttachment attachment) {
    ObjectKey key = attachment.pod();
    if (key == null) {
      return Occupant.STRANGER;
    }
    PodRecord record = pods.get(key);
    if (record == null && complete) {
      return Occupant.local(PodRecord.unlabelled(key, node));
    }
    if (record != null && isOf(attachment, record)) {
      return Occupant.local(record);
    }
    PodRecord last = lastRecords.get(attachment.id());
    return last == null ? Occupant.NOBODY : Occupant.leaving(last);
  }

  Occupant occupant(IpAddress address) {
    List<PodAttachment> interfaces =
        attachments.values().stream().filter(each -> each.addresses().contains(address)).toList();
    if (!interfaces.isEmpty()) {
      return occupant(interfaces.getLast());
    }
    return pods.values().stream()
        .filter(pod -> !pod.hostNetwork() && pod.addresses().contains(address))
        .filter(pod ->
            attachments.values().stream()
                .noneMatch(each -> pod.key().equals(each.pod()) && isOf(each, pod)))
        .max(Comparator.comparingLong(PodRecord::created).thenComparing(PodRecord::key))
        .map(pod -> node.equals(pod.node()) ? Occupant.local(pod) : Occupant.remote(pod))
        .orElse(Occupant.NOBODY);
  }

  boolean isAdmitted(String id) {
    PodAttachment attachment = attachments.get(id);
    return attachment != null && occupant(attachment).admitted();
  }

  Map<IpAddress, Subject> subjects() {
    Map<IpAddress, Subject> subjects = new HashMap<>();
    for (IpAddress address : known) {
      Occupant occupant = occupant(address);
      if (occupant.admitted()) {
        PodRecord pod = occupant.pod();
        subjects.put(
            address,
            pod == null
                ? Subject.FREE
                : new Subject(
                    isolating(pod, PolicyDirection.INGRESS),
                    isolating(pod, PolicyDirection.EGRESS)));
      }
    }
    return subjects;
  }

  private List<ObjectKey> isolating(PodRecord pod, PolicyDirection direction) {
    return policies(pod.key().namespace()).stream()
        .filter(each -> each.rules(direction) != null && each.pods().matches(pod.labels()))
        .map(NetworkPolicyRecord::key)
        .sorted()
        .toList();
  }

  Map<ObjectKey, NetworkPolicyRecord> activePolicies() {
    Map<ObjectKey, NetworkPolicyRecord> active = new HashMap<>(policies);
    Set<ObjectKey> selecting = new HashSet<>();
    subjects()
        .values()
        .forEach(subject -> {
          selecting.addAll(subject.ingress());
          selecting.addAll(subject.egress());
        });
    active.keySet().retainAll(selecting);
    return active;
  }

  Map<PeerSelector, Set<IpAddress>> members() {
    Map<PeerSelector, Set<IpAddress>> members = new HashMap<>();
    for (NetworkPolicyRecord policy : activePolicies().values()) {
      for (Rule rule : rules(policy)) {
        for (Peer peer : rule.peers() == null ? List.<Peer>of() : rule.peers()) {
          if (peer instanceof Peer.Pods pods) {
            PeerSelector selector = PeerSelector.of(policy.key().namespace(), pods);
            members.put(selector, members(selector));
          }
        }
      }
    }
    return members;
  }

  private static List<Rule> rules(NetworkPolicyRecord policy) {
    List<Rule> rules = new ArrayList<>();
    for (PolicyDirection direction : PolicyDirection.values()) {
      List<Rule> some = policy.rules(direction);
      rules.addAll(some == null ? List.of() : some);
    }
    return rules;
  }

  private Set<IpAddress> members(PeerSelector selector) {
    Set<IpAddress> members = new HashSet<>();
    for (IpAddress address : known) {
      PodRecord pod = peer(address);
      if (pod != null && selector.pods().matches(pod.labels())) {
        String namespace = pod.key().namespace();
        NamespaceRecord record = namespaces.get(namespace);
        Labels labels =
            record == null ? NamespaceRecord.unknown(namespace).labels() : record.labels();
        if (selector.namespaces() == null
            ? namespace.equals(selector.namespace())
            : selector.namespaces().matches(labels)) {
          members.add(address);
        }
      }
    }
    return members;
  }

  Map<PortName, Set<PodPort>> ports() {
    Map<PortName, Set<PodPort>> ports = new HashMap<>();
    for (NetworkPolicyRecord policy : activePolicies().values()) {
      for (PolicyDirection direction : PolicyDirection.values()) {
        List<Rule> rules = policy.rules(direction);
        for (Rule rule : rules == null ? List.<Rule>of() : rules) {
          for (Port port : rule.ports() == null ? List.<Port>of() : rule.ports()) {
            if (port instanceof Port.Named named) {
              PortName name = new PortName(direction, named.protocol(), named.name());
              ports.put(name, ports(name));
            }
          }
        }
      }
    }
    return ports;
  }

  private Set<PodPort> ports(PortName name) {
    Set<PodPort> ports = new HashSet<>();
    for (IpAddress address : known) {
      Occupant occupant = occupant(address);
      boolean isMeant =
          name.direction() == PolicyDirection.INGRESS ? occupant.admitted() : occupant.peer();
      PodRecord pod = occupant.pod();
      if (isMeant && pod != null) {
        pod.ports().stream()
            .filter(each -> each.protocol() == name.protocol() && each.name().equals(name.name()))
            .forEach(each -> ports.add(new PodPort(address, each.port())));
      }
    }
    return ports;
  }

  @Override
  public @Nullable PodRecord pod(IpAddress address) {
    return occupant(address).pod();
  }

  @Override
  public @Nullable PodRecord peer(IpAddress address) {
    Occupant occupant = occupant(address);
    return occupant.peer() ? occupant.pod() : null;
  }

  @Override
  public @Nullable NamespaceRecord namespace(String name) {
    return namespaces.get(name);
  }

  @Override
  public Collection<NetworkPolicyRecord> policies(String namespace) {
    return policies.values().stream()
        .filter(policy -> policy.key().namespace().equals(namespace))
        .toList();
  }
}
