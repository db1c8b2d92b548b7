package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.netlink.generic.MissingFamilyException;
import io.fairlead.dataplane.testing.TestNamespace;
import org.junit.jupiter.api.Assumptions;

/** A fresh network namespace with its IPVS; without one in the kernel the test is skipped. */
final class IpvsNamespace implements AutoCloseable {

  private final TestNamespace namespace;
  private final IpvsSocket ipvs;

  private IpvsNamespace(TestNamespace namespace, IpvsSocket ipvs) {
    this.namespace = namespace;
    this.ipvs = ipvs;
  }

  static IpvsNamespace create() throws Exception {
    TestNamespace namespace = TestNamespace.create("ipvs-test");
    try {
      return new IpvsNamespace(namespace, namespace.call(IpvsSocket::open));
    } catch (MissingFamilyException e) {
      namespace.close();
      return Assumptions.abort(e.getMessage());
    }
  }

  TestNamespace namespace() {
    return namespace;
  }

  IpvsSocket ipvs() {
    return ipvs;
  }

  @Override
  public void close() {
    ipvs.close();
    namespace.close();
  }
}
