package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.policy.Flow;
import io.fairlead.dataplane.policy.PolicyEvaluator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

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

  /** The indexes of the probes that a state of the cluster allows. */
  BitSet allowed(ClusterState state) {
    PolicyEvaluator evaluator = new PolicyEvaluator(state);
    BitSet allowed = new BitSet(probes.size());
    // The address and the Service of a pod follow each other, and are one to policies.
    for (int index = 0; index < probes.size(); index += 2) {
      if (evaluator.evaluate(flow(probes.get(index))).isAllowed()) {
        allowed.set(index, index + 2);
      }
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
