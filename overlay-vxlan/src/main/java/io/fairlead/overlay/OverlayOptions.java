package io.fairlead.overlay;

/**
 * How the overlay is to be.
 *
 * @param vni the VXLAN network identifier, the same on all nodes
 * @param port the VXLAN UDP port, the same on all nodes
 * @param directRouting in mode VXLAN, reach peers on the same link plainly
 * @param standbyReceiver in mode HOST_GW, keep the VXLAN device for receiving, so that no packet is
 *     lost while nodes switch modes at different moments
 */
public record OverlayOptions(
    OverlayMode mode, int vni, int port, boolean directRouting, boolean standbyReceiver) {

  /** Away from 1, which flannel uses. */
  public static final int DEFAULT_VNI = 4097;

  /** What Linux has used since before 4789 was assigned, as flannel and Cilium do. */
  public static final int DEFAULT_PORT = 8472;

  public OverlayOptions {
    if (vni < 1 || vni >= 1 << 24) {
      throw new IllegalArgumentException("VNI " + vni + " is not within 1 to 16777215");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("VXLAN port " + port + " is not within 1 to 65535");
    }
  }

  /** The mode with the defaults for everything else. */
  public static OverlayOptions of(OverlayMode mode) {
    return new OverlayOptions(mode, DEFAULT_VNI, DEFAULT_PORT, false, true);
  }

  public OverlayOptions withMode(OverlayMode value) {
    return new OverlayOptions(value, vni, port, directRouting, standbyReceiver);
  }

  public OverlayOptions withVni(int value) {
    return new OverlayOptions(mode, value, port, directRouting, standbyReceiver);
  }

  public OverlayOptions withPort(int value) {
    return new OverlayOptions(mode, vni, value, directRouting, standbyReceiver);
  }

  public OverlayOptions withDirectRouting(boolean value) {
    return new OverlayOptions(mode, vni, port, value, standbyReceiver);
  }

  public OverlayOptions withStandbyReceiver(boolean value) {
    return new OverlayOptions(mode, vni, port, directRouting, value);
  }

  /** Whether there is to be a VXLAN device, for sending or for receiving alone. */
  boolean wantsDevice() {
    return mode == OverlayMode.VXLAN || (mode == OverlayMode.HOST_GW && standbyReceiver);
  }
}
