package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.enforcement.PeerSelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What kube-router writes at a sync, of one address family: chains and sets for every policy of the
 * cluster, whether it selects a pod of this node or not, and a chain for every pod of this node.
 *
 * @param sets the input of ipset
 * @param rules the input of iptables-restore
 * @param setNames the sets that are needed
 */
record KubeRouterSync(String sets, String rules, List<String> setNames) {

  /**
   * Of a cluster as it is now.
   *
   * @param version another one for each sync
   */
  static KubeRouterSync of(ClusterObjects cluster, String version) {
    return new Writer(cluster, version).write();
  }

  private static final class Writer {

    private final ClusterObjects cluster;
    private final Membership membership;
    private final KubeRouterSets sets = new KubeRouterSets();
    private final KubeRouterRules rules;
    private final Map<ObjectKey, List<NetworkPolicyRecord>> selecting = new HashMap<>();

    Writer(ClusterObjects cluster, String version) {
      this.cluster = cluster;
      this.membership = new Membership(cluster);
      this.rules = new KubeRouterRules(version);
    }

    KubeRouterSync write() {
      for (NetworkPolicyRecord policy : cluster.policies()) {
        rules.policy(policy.key());
        List<PodRecord> selected = membership.pods(policy.key().namespace(), policy.pods());
        selected.stream()
            .filter(pod -> Population.NODE.equals(pod.node()))
            .forEach(
                pod -> selecting.computeIfAbsent(pod.key(), _ -> new ArrayList<>()).add(policy));
        for (PolicyDirection direction : PolicyDirection.values()) {
          List<Rule> own = policy.rules(direction);
          if (own != null) {
            write(policy, direction, own, selected);
          }
        }
      }
      for (PodRecord pod : cluster.localPods()) {
        rules.pod(pod, selecting.getOrDefault(pod.key(), List.of()));
      }
      return new KubeRouterSync(sets.text(), rules.text(), sets.names());
    }

    private void write(
        NetworkPolicyRecord policy,
        PolicyDirection direction,
        List<Rule> own,
        List<PodRecord> selected) {
      boolean ingress = direction == PolicyDirection.INGRESS;
      String subjects = KubeRouterNames.selected(policy.key(), ingress ? "DST" : "SRC");
      sets.addresses(subjects, addresses(selected));
      for (int i = 0; i < own.size(); i++) {
        Rule rule = own.get(i);
        List<String> pods = new ArrayList<>();
        List<String> networks = new ArrayList<>();
        for (Peer peer : rule.peers() == null ? List.<Peer>of() : rule.peers()) {
          switch (peer) {
            case Peer.Pods some ->
                pods.addAll(
                    addresses(membership.pods(PeerSelector.of(policy.key().namespace(), some))));
            case Peer.Block block -> {
              networks.add(block.cidr() + " timeout 0");
              block.except().forEach(hole -> networks.add(hole + " timeout 0 nomatch"));
            }
          }
        }
        String side = ingress ? "SRC" : "DST";
        if (!pods.isEmpty()) {
          String peers = KubeRouterNames.peers(policy.key(), side, i, "pod");
          sets.addresses(peers, pods);
          allow(policy, direction, rule, " pods", subjects, peers);
        }
        if (!networks.isEmpty()) {
          String peers = KubeRouterNames.peers(policy.key(), side, i, "ipblock");
          sets.networks(peers, networks);
          allow(policy, direction, rule, " cidr", subjects, peers);
        }
        if (rule.peers() == null) {
          allow(policy, direction, rule, " any", subjects, null);
        }
      }
    }

    private void allow(
        NetworkPolicyRecord policy,
        PolicyDirection direction,
        Rule rule,
        String what,
        String subjects,
        @Nullable String peers) {
      boolean ingress = direction == PolicyDirection.INGRESS;
      String match =
          (ingress ? from(peers) : from(subjects)) + (ingress ? to(subjects) : to(peers));
      List<Port> ports = rule.ports();
      if (ports == null) {
        rules.allow(policy.key(), direction.text() + what, match);
      } else {
        for (Port port : ports) {
          rules.allow(policy.key(), direction.text() + what, match + text(port));
        }
      }
    }

    private static String from(@Nullable String set) {
      return set == null ? "" : "-m set --match-set " + set + " src ";
    }

    private static String to(@Nullable String set) {
      return set == null ? "" : "-m set --match-set " + set + " dst ";
    }

    private static String text(Port port) {
      return switch (port) {
        case Port.Range range ->
            "-p "
                + range.protocol().name().toLowerCase(Locale.ROOT)
                + " --dport "
                + range.first()
                + (range.last() == range.first() ? "" : ":" + range.last());
        case Port.Named named ->
            throw new IllegalArgumentException("no population has the named port " + named.name());
      };
    }

    private static List<String> addresses(List<PodRecord> pods) {
      return pods.stream().map(pod -> pod.addresses().getFirst() + " timeout 0").toList();
    }
  }
}
