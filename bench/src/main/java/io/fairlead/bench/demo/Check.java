package io.fairlead.bench.demo;

import io.fairlead.bench.lab.SampleCluster;
import java.io.IOException;

/**
 * One thing that must be true of a sample cluster. A check finds the cluster complete, with agents
 * that run, and leaves it so, unless it says otherwise.
 */
public interface Check {

  /** What is checked, in a few words. */
  String title();

  /**
   * Checks it and returns what was seen, in one line.
   *
   * @throws CheckFailure with what was seen if it is not true
   * @throws IOException if packets or programs failed in a way that the check does not expect
   */
  String run(SampleCluster cluster) throws IOException, InterruptedException;
}
