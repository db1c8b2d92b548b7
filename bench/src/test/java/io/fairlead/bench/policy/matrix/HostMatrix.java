package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.Decision;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pods of a node, the node itself, another node, and a pod there, which ask each other. Both nodes
 * run a pod of the host network with label role=host; the remote pod is z/remote.
 */
final class HostMatrix {

  /** They, too, are known by their labels, and yet are neither subjects nor peers. */
  private static final Map<String, String> HOST_LABELS = Map.of("pod", "host", "role", "host");

  private final PodNetwork network;
  private final ProbeHost node;
  private final ProbeHost gateway;
  private final ProbeHost otherNode;
  private final ProbeHost remotePod;
  private final List<Probe> list = new ArrayList<>();
  private final Probes probes;

  private HostMatrix(PodNetwork network) throws Exception {
    this.network = network;
    TestNamespace own = network.node();
    node = network.closeFirst(ProbeHost.openBehindRules("node-1", own, PodNetwork.NODE_ADDRESSES));
    gateway =
        network.closeFirst(
            ProbeHost.openBehindRules(
                "node-1 as gateway", own, PodNetwork.addresses("10.244.1.1", "fd00:244:1::1")));
    TestNamespace other = network.otherNode();
    otherNode =
        network.closeFirst(ProbeHost.open("node-2", other, PodNetwork.OTHER_NODE_ADDRESSES));
    remotePod =
        network.closeFirst(ProbeHost.open("z/remote", other, PodNetwork.REMOTE_POD_ADDRESSES));
    List<ProbeHost> all = new ArrayList<>(network.hosts());
    all.addAll(List.of(node, gateway, otherNode, remotePod));
    probes = new Probes(all);
  }

  static HostMatrix open(PodNetwork network) throws Exception {
    HostMatrix matrix = new HostMatrix(network);
    for (ObjectKey pod : network.pods()) {
      matrix.addProbesOf(pod);
    }
    return matrix;
  }

  /** The nine pods, the remote one, and one of the host network on each node. */
  static ClusterState cluster() {
    return ClusterState.ofNinePods()
        .with(
            pod(
                "remote",
                ClusterState.OTHER_NODE,
                false,
                Map.of("pod", "remote"),
                PodNetwork.REMOTE_POD_ADDRESSES))
        .with(
            pod(
                "other-host",
                ClusterState.OTHER_NODE,
                true,
                HOST_LABELS,
                PodNetwork.OTHER_NODE_ADDRESSES))
        .with(pod("own-host", ClusterState.NODE, true, HOST_LABELS, PodNetwork.NODE_ADDRESSES));
  }

  private static PodRecord pod(
      String name,
      String node,
      boolean hostNetwork,
      Map<String, String> labels,
      List<IpAddress> addresses) {
    ObjectKey key = new ObjectKey("z", name);
    return new PodRecord(
        key, "uid-" + key, Labels.of(labels), addresses, node, hostNetwork, List.of(), 1);
  }

  private void addProbesOf(ObjectKey key) {
    ProbeHost pod = network.host(key);
    IpAddress service = PodNetwork.serviceAddress(key, AddressFamily.IPV4);
    for (Protocol protocol : Protocol.values()) {
      for (int port : PodNetwork.PORTS) {
        for (ProbeHost host : List.of(otherNode, remotePod, node)) {
          list.add(new Probe(host, pod, null, AddressFamily.IPV4, protocol, port));
          list.add(new Probe(host, pod, service, AddressFamily.IPV4, protocol, port));
          list.add(new Probe(pod, host, null, AddressFamily.IPV4, protocol, port));
        }
        list.add(new Probe(gateway, pod, null, AddressFamily.IPV4, protocol, port));
        list.add(new Probe(pod, gateway, null, AddressFamily.IPV4, protocol, port));
        for (ProbeHost host : List.of(otherNode, remotePod)) {
          list.add(new Probe(host, pod, null, AddressFamily.IPV6, protocol, port));
          list.add(new Probe(pod, host, null, AddressFamily.IPV6, protocol, port));
        }
      }
    }
    // The node sees IPv6's arrivals behind its rules nowhere, so no answers either.
    list.add(new Probe(node, pod, null, AddressFamily.IPV6, Protocol.UDP, 80));
    list.add(new Probe(gateway, pod, null, AddressFamily.IPV6, Protocol.SCTP, 81));
  }

  /** What somebody thought of a probe; null to leave it to the evaluator. */
  @FunctionalInterface
  interface Truth {
    @Nullable Boolean allows(Probe probe);
  }

  /** Returns a sentence for each probe that was not treated as policies say, or as is known. */
  List<String> check(String name, ClusterState state, Truth truth) throws IOException {
    PolicyEvaluator evaluator = new PolicyEvaluator(state);
    List<String> failures = new ArrayList<>();
    BitSet allowed = new BitSet();
    for (int i = 0; i < list.size(); i++) {
      Probe probe = list.get(i);
      Decision decision = evaluator.evaluate(flow(probe));
      allowed.set(i, decision.isAllowed());
      Boolean known = truth.allows(probe);
      if (known != null && known != decision.isAllowed()) {
        failures.add(name + ": " + probe + " should be " + known + ", but " + decision);
      }
    }
    Probes.Outcome outcome = probes.run(name, list, allowed);
    for (int index : outcome.wrong()) {
      failures.add(
          "%s: %s %s, but %s"
              .formatted(
                  name,
                  list.get(index),
                  allowed.get(index) ? "was lost" : "passed",
                  evaluator.evaluate(flow(list.get(index)))));
    }
    failures.addAll(outcome.strays());
    return failures;
  }

  private Flow flow(Probe probe) {
    boolean isOwn = isOwnNode(probe.source());
    return new Flow(
        isOwn ? Flow.Origin.OWN_NODE : Flow.Origin.NETWORK,
        probe.source().address(probe.family()),
        probe.destination().address(probe.family()),
        probe.protocol().number(),
        probe.port());
  }

  boolean isOwnNode(ProbeHost host) {
    return host.equals(node) || host.equals(gateway);
  }

  boolean isOtherNode(ProbeHost host) {
    return host.equals(otherNode);
  }

  boolean isRemotePod(ProbeHost host) {
    return host.equals(remotePod);
  }
}
