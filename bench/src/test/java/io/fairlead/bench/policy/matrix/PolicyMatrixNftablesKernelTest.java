package io.fairlead.bench.policy.matrix;

import org.junit.jupiter.api.BeforeAll;

/** Policies under Services as shared maps. */
class PolicyMatrixNftablesKernelTest extends PolicyMatrixBehaviour {

  @BeforeAll
  void open() throws Exception {
    open(NodeServices.Mode.NFTABLES);
  }

  @Override
  protected int randomSets() {
    return 500;
  }
}
