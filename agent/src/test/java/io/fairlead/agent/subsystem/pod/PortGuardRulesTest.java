package io.fairlead.agent.subsystem.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.attachment.Bandwidth;
import io.fairlead.cni.attachment.PortOptions;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.nftables.guard.PortGuard;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PortGuardRulesTest {

  private static final AttachmentKey KEY = new AttachmentKey("fairlead", "c1", "eth0");
  private static final List<IpAddress> ADDRESSES = List.of(IpAddress.parse("10.244.1.2"));
  private static final Lease PLAIN = new Lease(KEY, ADDRESSES, "default/a");
  private static final Lease SPECIAL =
      new Lease(
          KEY,
          ADDRESSES,
          "default/a",
          "uid",
          new AttachmentOptions(
              new PortOptions(0, MacAddress.parse("02:00:00:00:00:07"), true, false, false, true),
              List.of(),
              Bandwidth.UNLIMITED));

  private final FakeNfTables kernel = new FakeNfTables();
  private final PortGuardRules rules = new PortGuardRules(new PortGuard(kernel));

  @Test
  @DisplayName("a port is its attachment's link, its container's, and has the pod's own addresses")
  void port() {
    assertThat(PortGuardRules.port(PLAIN).link()).isEqualTo(BridgeNetwork.hostName(KEY));
    assertThat(PortGuardRules.port(PLAIN).owner()).isEqualTo("c1");
    assertThat(PortGuardRules.port(PLAIN).mac()).isEqualTo(BridgeNetwork.podMac(PLAIN));
    assertThat(PortGuardRules.port(PLAIN).checksMac()).isTrue();
    assertThat(PortGuardRules.port(SPECIAL).mac()).hasToString("02:00:00:00:00:07");
    assertThat(PortGuardRules.port(SPECIAL).checksMac()).isFalse();
  }

  @Test
  @DisplayName("a port is guarded from before its link exists until it is gone")
  void lifetime() throws Exception {
    String element = "\"" + BridgeNetwork.hostName(KEY) + "\" . 10.244.1.2";
    rules.restore(List.of());
    rules.prepare(PLAIN);
    assertThat(kernel.toString()).contains(element);
    rules.leave(KEY);
    assertThat(kernel.toString()).as("its link may live").contains(element);
    rules.forget(KEY);
    assertThat(kernel.toString()).doesNotContain(element);
    rules.restore(List.of(PLAIN));
    assertThat(kernel.toString()).contains(element);
  }

  @Test
  @DisplayName("a port that cannot be guarded is not made")
  void refused() throws Exception {
    rules.restore(List.of());
    kernel.failNext(new NetlinkException("add element", Errno.EPERM, "", -1, 1));
    rules.prepare(PLAIN); // What the kernel has was looked at, and the second try succeeded.
    rules.forget(KEY);
    FakeNfTables other = new FakeNfTables();
    PortGuardRules refusing = new PortGuardRules(new PortGuard(other));
    other.failNext(new NetlinkException("add table", Errno.EPERM, "", -1, 1));
    assertThatThrownBy(() -> refusing.restore(List.of())).hasMessageContaining("EPERM");
    other.failNext(new NetlinkException("add table", Errno.EPERM, "", -1, 1));
    assertThatThrownBy(() -> refusing.prepare(PLAIN))
        .isInstanceOfSatisfying(
            CniException.class, e -> assertThat(e.code()).isEqualTo(CniErrorCode.KERNEL_FAILURE))
        .hasMessageContaining("EPERM");
    refusing.prepare(SPECIAL);
    assertThat(other.committed().getLast().toString())
        .contains("any-mac { \"" + BridgeNetwork.hostName(KEY));
  }
}
