package io.fairlead.bench.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExchangeKernelTest {

  @ParameterizedTest
  @EnumSource
  void theKernelDescribesTheLoopbackDeviceToEveryContender(Contender contender) throws Exception {
    try (LabNamespace namespace = LabNamespace.create("ffi-test");
        Session session = namespace.call(() -> Session.open(contender, Exchange.LINK))) {
      assertThat(session.exchange()).isGreaterThan(100).isEqualTo(session.exchange());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anElementComesAndGoes(Contender contender) throws Exception {
    try (LabNamespace namespace = LabNamespace.create("ffi-test");
        NfTablesSocket kernel = namespace.call(NfTablesSocket::open);
        Session session = namespace.call(() -> Session.open(contender, Exchange.ELEMENT))) {
      kernel.commit(Exchange.preparation());
      for (int expected : new int[] {1, 0, 1}) {
        session.exchange();
        assertThat(kernel.elements(kernel.sets(Exchange.TABLE).getFirst())).hasSize(expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalIsNoAnswer(Contender contender) throws Exception {
    try (LabNamespace namespace = LabNamespace.create("ffi-test");
        Session session = namespace.call(() -> Session.open(contender, Exchange.ELEMENT))) {
      assertThatThrownBy(session::exchange).hasMessageContaining("refused a request: error 2");
    }
  }
}
