package io.fairlead.bench.policy;

import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.PodRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Changes in an endless row of rounds, each with one change of each kind, in the order of the
 * kinds. A pod that moved in one round moves back in the next, so that the cluster stays as it is.
 * The same for the same seed. Not thread-safe.
 */
public final class Changes {

  private final Population population;
  private final SplittableRandom random;
  private int rounds;
  private int peer;
  private int local;

  public Changes(Population population, long seed) {
    this.population = population;
    this.random = new SplittableRandom(seed);
  }

  public List<Change> nextRound() {
    boolean back = rounds % 2 == 1;
    if (!back) {
      peer = randomPeer();
      local = random.nextInt(population.local());
    }
    // It must be as the population has it.
    PodRecord goes = population.pod(other(peer));
    NetworkPolicyRecord policy = Policies.wide("wide-" + rounds);
    List<Change> changes = new ArrayList<>();
    for (Change.Kind kind : Change.Kind.values()) {
      changes.add(
          switch (kind) {
            case PEER_LABEL -> moved(kind, peer, back);
            case LOCAL_LABEL -> moved(kind, local, back);
            case PEER_GONE -> new Change.OfPod(kind, goes.key(), null);
            case PEER_COME -> new Change.OfPod(kind, goes.key(), goes);
            case POLICY_CREATED -> new Change.OfPolicy(kind, policy.key(), policy);
            case POLICY_DELETED -> new Change.OfPolicy(kind, policy.key(), null);
          });
    }
    rounds++;
    return changes;
  }

  private Change moved(Change.Kind kind, int pod, boolean back) {
    int from = population.application(pod);
    int to = back ? from : (from + population.local() / 2) % population.local();
    return new Change.OfPod(kind, population.podKey(pod), population.pod(pod, to));
  }

  /** Pods of the first namespace that are not on this node: what most of the policies mean. */
  private int peers() {
    return population.pods() / Population.NAMESPACES - population.local();
  }

  private int randomPeer() {
    return population.local() + random.nextInt(peers());
  }

  private int other(int pod) {
    return population.local() + (pod - population.local() + 1) % peers();
  }
}
