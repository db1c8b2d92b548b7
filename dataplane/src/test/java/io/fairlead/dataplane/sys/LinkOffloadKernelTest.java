package io.fairlead.dataplane.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LinkOffloadKernelTest {

  @Test
  @DisplayName("checksums are left to the device or not, link by link (pod-network 51)")
  void checksums() throws Exception {
    OpenDescriptors descriptors = OpenDescriptors.now();
    try (TestNamespace namespace = TestNamespace.create("offload");
        LinkOffload offload = namespace.call(LinkOffload::open)) {
      namespace.run(
          "ip", "link", "add", "vx", "type", "vxlan", "id", "7", "dstport", "8472", "nolearning");
      namespace.run("ip", "link", "add", "name-15-letters", "type", "bridge");
      assertThat(offload.transmitChecksum("vx")).isTrue();
      offload.setTransmitChecksum("vx", false);
      assertThat(offload.transmitChecksum("vx")).isFalse();
      assertThat(offload.transmitChecksum("name-15-letters")).isTrue();
      offload.setTransmitChecksum("vx", true);
      assertThat(offload.transmitChecksum("vx")).isTrue();
      assertThatThrownBy(() -> offload.transmitChecksum("absent"))
          .isInstanceOf(SystemCallException.class)
          .hasMessageContaining("absent");
    }
    descriptors.assertNoneAdded();
  }
}
