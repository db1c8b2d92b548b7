package io.fairlead.bench.demo;

import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;

/** Two pods of one node reach each other over its bridge. */
final class SameNodeCheck implements Check {

  @Override
  public String title() {
    return "pod to pod on one node";
  }

  @Override
  public String run(SampleCluster cluster) throws IOException, InterruptedException {
    return Asking.podToPod(cluster.podA(), cluster.podB());
  }
}
