package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VtepAddressTest {

  @Test
  @DisplayName("The MAC address follows from the node's name alone (pod-network 43)")
  void theMacFollowsFromTheName() {
    // First six bytes of: printf node-1 | sha256sum, with the two address bits set right.
    assertThat(VtepAddress.mac("node-1")).hasToString("36:97:1b:e6:e9:bb");
    Set<MacAddress> macs = new HashSet<>();
    for (int i = 0; i < 5000; i++) {
      MacAddress mac = VtepAddress.mac("node-" + i);
      assertThat(VtepAddress.isUnicast(mac)).isTrue();
      assertThat(mac.bytes()[0] & 2).isEqualTo(2);
      macs.add(mac);
    }
    assertThat(macs).hasSize(5000);
  }

  @Test
  void theLinkLocalAddressIsTheOneTheKernelWouldChoose() {
    assertThat(VtepAddress.linkLocal(MacAddress.parse("0a:58:0a:f4:01:02")))
        .isEqualTo(IpAddress.parse("fe80::858:aff:fef4:102"));
  }

  @Test
  void multicastAndZeroAreNoEndpoints() {
    assertThat(VtepAddress.isUnicast(MacAddress.parse("01:00:5e:00:00:01"))).isFalse();
    assertThat(VtepAddress.isUnicast(new MacAddress(0))).isFalse();
  }
}
