package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.testing.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class NfTablesContractKernelTest extends NfTablesContract {

  private TestNamespace namespace;
  private NfTablesSocket socket;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("nftables-contract");
    socket = namespace.call(NfTablesSocket::open);
  }

  @AfterEach
  void close() {
    socket.close();
    namespace.close();
  }

  @Override
  NfTablesKernel kernel() {
    return socket;
  }
}
