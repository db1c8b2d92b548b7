package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Every pod asks every pod at both ports by every protocol, by its address and through its Service.
 *
 * @param probes those of pods to themselves last: they are always allowed, so that when they have
 *     arrived all others have been dealt with
 */
record Matrix(List<Probe> probes) {

  Matrix {
    probes = List.copyOf(probes);
  }

  static Matrix of(PodNetwork network, AddressFamily family) {
    List<Probe> others = new ArrayList<>();
    List<Probe> own = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (int port : PodNetwork.PORTS) {
        for (ObjectKey source : network.pods()) {
          for (ObjectKey destination : network.pods()) {
            List<Probe> probes = source.equals(destination) ? own : others;
            ProbeHost from = network.host(source);
            ProbeHost to = network.host(destination);
            probes.add(new Probe(from, to, null, family, protocol, port));
            probes.add(
                new Probe(
                    from,
                    to,
                    PodNetwork.serviceAddress(destination, family),
                    family,
                    protocol,
                    port));
          }
        }
      }
    }
    others.addAll(own);
    return new Matrix(others);
  }

  /** All pods ask all others at these ports, by their addresses alone. */
  static Matrix ofPorts(
      PodNetwork network, AddressFamily family, Map<Protocol, List<Integer>> ports) {
    List<Probe> probes = new ArrayList<>();
    ports.forEach((protocol, numbers) -> {
      for (int port : numbers) {
        for (ProbeHost from : network.hosts()) {
          for (ProbeHost to : network.hosts()) {
            probes.add(new Probe(from, to, null, family, protocol, port));
          }
        }
      }
    });
    return new Matrix(probes);
  }

  /** The indexes of the probes that a state of the cluster allows. */
  BitSet allowed(ClusterState state) {
    PolicyEvaluator evaluator = new PolicyEvaluator(state);
    BitSet allowed = new BitSet(probes.size());
    for (int index = 0; index < probes.size(); index++) {
      // The Service of a pod follows its address, and is the same to policies.
      boolean isSame = probes.get(index).service() != null;
      allowed.set(
          index,
          isSame
              ? allowed.get(index - 1)
              : evaluator.evaluate(flow(probes.get(index))).isAllowed());
    }
    return allowed;
  }

  /** What policies see of a probe between pods. */
  static Flow flow(Probe probe) {
    return new Flow(
        Flow.Origin.NETWORK,
        probe.source().address(probe.family()),
        probe.destination().address(probe.family()),
        probe.protocol().number(),
        probe.port());
  }
}
