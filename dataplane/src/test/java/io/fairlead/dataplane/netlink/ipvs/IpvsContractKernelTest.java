package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.testing.OpenDescriptors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class IpvsContractKernelTest extends IpvsContract {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private IpvsNamespace namespace;

  @BeforeEach
  void open() throws Exception {
    namespace = IpvsNamespace.create();
  }

  @AfterEach
  void close() {
    if (namespace != null) {
      namespace.close();
    }
    descriptors.assertNoneAdded();
  }

  @Override
  IpvsKernel kernel() {
    return namespace.ipvs();
  }
}
