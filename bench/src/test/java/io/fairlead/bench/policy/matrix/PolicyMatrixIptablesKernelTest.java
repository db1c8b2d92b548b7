package io.fairlead.bench.policy.matrix;

import org.junit.jupiter.api.BeforeAll;

/** Policies under Services as chains of iptables. */
class PolicyMatrixIptablesKernelTest extends PolicyMatrixBehaviour {

  @BeforeAll
  void open() throws Exception {
    open(NodeServices.Mode.IPTABLES);
  }

  @Override
  protected int randomSets() {
    return 500;
  }
}
