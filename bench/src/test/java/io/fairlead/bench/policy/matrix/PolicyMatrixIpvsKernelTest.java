package io.fairlead.bench.policy.matrix;

import org.junit.jupiter.api.BeforeAll;

/**
 * Policies under Services over IPVS, whose packets do not pass FORWARD; in a kernel that has it.
 */
class PolicyMatrixIpvsKernelTest extends PolicyMatrixBehaviour {

  @BeforeAll
  void open() throws Exception {
    NodeServices.requireIpvs();
    open(NodeServices.Mode.IPVS);
  }

  /** The lab kernel is some ten times as slow, and all cases are tried on the machine's own. */
  @Override
  protected int catalogueStep() {
    return 3;
  }

  @Override
  protected int randomSets() {
    return 60;
  }
}
