package io.fairlead.overlay;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Addresses of a node's tunnel endpoint that follow from what every node knows. */
public final class VtepAddress {

  private static final int LOCALLY_ADMINISTERED = 0x02;
  private static final int MULTICAST = 0x01;

  private VtepAddress() {}

  /**
   * The MAC address of the node's VXLAN device: locally administered, unicast, and the same after a
   * restart, a reboot or a deletion of the device, since it is made from the name alone (the first
   * 48 bits of its SHA-256). Two of 5,000 nodes share one with a probability of 2 to the -21; that
   * is reported, and the annotation of one of them resolves it.
   */
  public static MacAddress mac(String nodeName) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(nodeName.getBytes(StandardCharsets.UTF_8));
      byte[] mac = java.util.Arrays.copyOf(digest, 6);
      mac[0] = (byte) ((mac[0] & ~MULTICAST) | LOCALLY_ADMINISTERED);
      return MacAddress.of(mac);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Whether frames to the address go to one endpoint. */
  static boolean isUnicast(MacAddress mac) {
    return (mac.bytes()[0] & MULTICAST) == 0 && mac.bits() != 0;
  }

  /**
   * The link-local IPv6 address that follows from a MAC address (modified EUI-64, RFC 4291 appendix
   * A). As a next hop it is valid whatever other routes say, while the kernel refuses any other
   * IPv6 gateway on the tunnel as long as a route to it leads elsewhere, and so could not replace a
   * route over the underlay by one through the tunnel in one step.
   */
  static IpAddress linkLocal(MacAddress mac) {
    byte[] m = mac.bytes();
    return IpAddress.of(
        ByteBuffer.allocate(16)
            .putShort((short) 0xfe80)
            .position(8)
            .put((byte) (m[0] ^ LOCALLY_ADMINISTERED))
            .put(m[1])
            .put(m[2])
            .putShort((short) 0xfffe)
            .put(m[3])
            .put(m[4])
            .put(m[5])
            .array());
  }
}
