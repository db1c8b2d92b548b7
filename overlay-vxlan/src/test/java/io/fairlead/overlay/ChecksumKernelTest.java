package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.sys.LinkOffload;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.overlay.OverlayLab.LabNode;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code ethtool -K fairlead-vxlan tx off}, where a kernel needs it. */
class ChecksumKernelTest {

  private record Kernel(LinkOffload links) implements ChecksumOffload {
    @Override
    public boolean isOn(String link) throws IOException {
      return links.transmitChecksum(link);
    }

    @Override
    public void turnOff(String link) throws IOException {
      links.setTransmitChecksum(link, false);
    }
  }

  @Test
  @DisplayName(
      "the checksum offload is off, and off again when it is turned on or the device is made anew;"
          + " packets flow in both settings (pod-network 51)")
  void offloadStaysOff() throws Exception {
    OpenDescriptors descriptors = OpenDescriptors.now();
    OverlayOptions vxlan = OverlayOptions.of(OverlayMode.VXLAN);
    try (OverlayLab lab = new OverlayLab(2)) {
      LabNode node = lab.node(1);
      try (LinkOffload links = node.host.call(LinkOffload::open);
          LinkOffload other = node.host.call(LinkOffload::open);
          RunningOverlay peer = RunningOverlay.on(lab.node(2), vxlan);
          RunningOverlay overlay = RunningOverlay.on(node, vxlan, new Kernel(links))) {
        assertThat(peer.replaceNodes(lab.records()).failures()).isEmpty();
        assertThat(overlay.replaceNodes(lab.records()).failures()).isEmpty();
        assertThat(other.transmitChecksum(TunnelDevice.NAME)).isFalse();
        assertThat(OverlayLab.reaches(node.pod, 2)).isTrue();

        other.setTransmitChecksum(TunnelDevice.NAME, true);
        RunningOverlay.await("turned off again", () -> !other.transmitChecksum(TunnelDevice.NAME));
        node.host.run("ip", "link", "del", TunnelDevice.NAME);
        RunningOverlay.await(
            "off on the new device",
            () ->
                node.kernel.link(TunnelDevice.NAME) != null
                    && !other.transmitChecksum(TunnelDevice.NAME));
        RunningOverlay.await("reached", () -> OverlayLab.reaches(node.pod, 2));
      }
      try (LinkOffload links = node.host.call(LinkOffload::open);
          RunningOverlay untouched = RunningOverlay.on(node, vxlan)) {
        links.setTransmitChecksum(TunnelDevice.NAME, true);
        assertThat(untouched.replaceNodes(lab.records()).applied()).isEmpty();
        assertThat(links.transmitChecksum(TunnelDevice.NAME)).isTrue();
        assertThat(OverlayLab.reaches(node.pod, 2)).isTrue();
      }
    }
    descriptors.assertNoneAdded();
  }
}
