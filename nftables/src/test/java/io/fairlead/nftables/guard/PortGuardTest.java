package io.fairlead.nftables.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PortGuardTest {

  private final FakeNfTables kernel = new FakeNfTables();
  private final PortGuard guard = new PortGuard(kernel);

  private String lastTransaction() {
    return kernel.committed().getLast().toString();
  }

  private static NetlinkException refusal(String operation, int errno) {
    return new NetlinkException(operation, errno, "", -1, 1);
  }

  @Test
  @DisplayName("a port that comes or goes is a few elements in one transaction, whatever there is")
  void constantCost() throws IOException {
    guard.restore(IntStream.range(2, 9).mapToObj(GuardLab::port).toList());
    int before = kernel.committed().size();
    guard.add(GuardLab.port(9));
    assertThat(lastTransaction())
        .isEqualTo(
            """
            add element bridge fairlead-guard ports { "veth9" }
            add element bridge fairlead-guard macs { "veth9" . 0a:58:0a:f4:01:09 }
            add element bridge fairlead-guard own-ipv4 { "veth9" . 10.244.1.9 }
            add element bridge fairlead-guard bound-ipv4 { "veth9" . 0a:58:0a:f4:01:09 . 10.244.1.9 }
            add element bridge fairlead-guard own-ipv6 { "veth9" . fd00:244:1::9 }
            add element bridge fairlead-guard bound-ipv6 { "veth9" . 0a:58:0a:f4:01:09 . fd00:244:1::9 }\
            """);
    guard.add(GuardLab.port(9));
    guard.remove("veth9");
    assertThat(kernel.committed()).as("nothing for what is there").hasSize(before + 2);
    assertThat(lastTransaction().lines())
        .hasSize(6)
        .allMatch(line -> line.startsWith("delete element") && line.contains("veth9"));
    guard.remove("veth9");
    assertThat(kernel.committed()).hasSize(before + 2);
  }

  @Test
  @DisplayName("nothing is touched before it is known whose ports there are")
  void notBeforeRestore() throws IOException {
    guard.networks(List.of(Cidr.parse("10.244.0.0/16")));
    guard.confine(Set.of(IpAddress.parse("10.244.1.2")), Set.of());
    assertThat(kernel.committed()).isEmpty();
    guard.restore(List.of(GuardLab.port(2)));
    assertThat(kernel.committed()).hasSize(1);
    assertThat(lastTransaction())
        .contains("pod-networks-ipv4 { 10.244.0.0/16 }", "confined { \"veth2\" }");
  }

  @Test
  @DisplayName("a port that the kernel refuses is not remembered, and the next one is guarded")
  void refused() throws IOException {
    guard.restore(List.of());
    guard.distrust();
    kernel.failNext(refusal("add element", Errno.ENOMEM));
    assertThatThrownBy(
            () -> {
              kernel.disturb(NfTransaction.of(new NfOperation.DeleteTable(PortGuard.table())));
              guard.add(GuardLab.port(2));
            })
        .hasMessageContaining("ENOMEM");
    guard.add(GuardLab.port(3));
    assertThat(kernel.toString()).contains("veth3").doesNotContain("veth2");
  }

  @Test
  @DisplayName("a kernel without the family is told of once, and asked no more (faults 25)")
  void unsupported() throws IOException {
    kernel.failNext(refusal("add table bridge fairlead-guard", Errno.EOPNOTSUPP));
    guard.restore(List.of(GuardLab.port(2)));
    assertThat(guard.trouble()).get().asString().contains("CONFIG_NF_TABLES_BRIDGE");
    guard.add(GuardLab.port(3));
    guard.remove("veth3");
    assertThat(guard.audit()).isEmpty();
    assertThat(guard.dropped()).isEmpty();
    assertThat(kernel.committed()).isEmpty();
  }

  @Test
  @DisplayName("what somebody else took away comes back with the next change (faults 18)")
  void repaired() throws IOException {
    guard.restore(List.of(GuardLab.port(2)));
    String before = kernel.toString();
    kernel.disturb(NfTransaction.of(new NfOperation.DeleteTable(PortGuard.table())));
    guard.add(GuardLab.port(3));
    guard.remove("veth3");
    assertThat(kernel).hasToString(before);
    assertThat(guard.audit()).isEmpty();
  }
}
