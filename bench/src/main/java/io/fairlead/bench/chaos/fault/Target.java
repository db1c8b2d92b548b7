package io.fairlead.bench.chaos.fault;

import io.fairlead.bench.chaos.cluster.ChaosCluster;
import io.fairlead.bench.lab.Node;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Where a fault happens.
 *
 * @param random of whatever the fault chooses
 */
public record Target(ChaosCluster cluster, Node node, RandomGenerator random) {

  /** One of several. */
  <T> T choose(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
