package io.fairlead.cni.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostLinkTest {

  private static final AttachmentKey KEY = new AttachmentKey("n", "c", "eth0");

  private static Lease lease(AttachmentKey key, @Nullable String pod) {
    return new Lease(key, List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("fd00::2")), pod);
  }

  @Test
  void nameAndMacFollowFromTheKey() {
    assertThat(HostLink.name(KEY)).isEqualTo("vethc1adea809d7").hasSize(15);
    assertThat(HostLink.mac(KEY)).hasToString("0a:68:9d:7b:8b:7d");
    assertThat(HostLink.name(new AttachmentKey("n", "c", "eth1"))).isNotEqualTo(HostLink.name(KEY));
    assertThat(HostLink.macOf(IpAddress.parse("10.244.1.2"))).hasToString("0a:58:0a:f4:01:02");
    assertThat(HostLink.isMacOfBridge(HostLink.macOfBridge(IpAddress.parse("fd00::1")))).isTrue();
    assertThat(HostLink.isMacOfBridge(HostLink.mac(KEY))).isFalse();
    assertThat(HostLink.isMacOfBridge(HostLink.macOf(IpAddress.parse("10.244.1.1")))).isFalse();
  }

  @Test
  void theAliasHoldsTheLease() {
    Lease lease = lease(KEY, "ns/pod");
    assertThat(HostLink.alias(lease)).isEqualTo("fairlead n c eth0 10.0.0.2,fd00::2 ns/pod");
    assertThat(HostLink.lease(HostLink.alias(lease))).isEqualTo(lease);
    Lease nameless = lease(new AttachmentKey("n", "c".repeat(64), "eth0"), null);
    assertThat(HostLink.lease(HostLink.alias(nameless))).isEqualTo(nameless);
  }

  @Test
  void anAliasThatWouldNotFitLosesThePodAndThenItsIdentity() {
    Lease longPod = lease(KEY, "namespace/" + "p".repeat(253));
    assertThat(HostLink.alias(longPod)).isEqualTo("fairlead n c eth0 10.0.0.2,fd00::2 -");
    assertThat(HostLink.alias(lease(new AttachmentKey("n", "c".repeat(250), "e"), null)))
        .isEqualTo("fairlead");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fairlead",
        "fairlead n c eth0 10.0.0.2",
        "fairlead n c eth0 nonsense -",
        "other n c eth0 10.0.0.2 -",
        "fairlead bridge"
      })
  void otherAliasesTellOfNoLease(String alias) {
    assertThat(HostLink.lease(alias)).isNull();
    assertThat(HostLink.isOurs(alias)).isEqualTo(!alias.startsWith("other"));
  }
}
