package io.fairlead.cni.attachment;

import io.fairlead.dataplane.model.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * How an attachment's port on the bridge behaves, in the terms of the reference bridge plugin.
 *
 * @param mtu of the pod's interface, in bytes, or 0 for the agent's own
 * @param mac of the pod's interface, or null to derive it from the pod's address
 * @param hairpin whether the port sends back what came in, so that a pod reaches itself through its
 *     own Service or host port
 * @param isolated whether the port exchanges frames with the node alone, and with no other isolated
 *     port
 * @param macSpoofCheck whether frames with a source address other than the pod's own are dropped
 * @param defaultRoute whether the pod gets default routes by the bridge
 */
public record PortOptions(
    int mtu,
    @Nullable MacAddress mac,
    boolean hairpin,
    boolean isolated,
    boolean macSpoofCheck,
    boolean defaultRoute) {

  /** What an attachment gets whose configuration says nothing. */
  public static final PortOptions DEFAULT = new PortOptions(0, null, true, false, true, true);

  public PortOptions {
    if (mtu != 0 && (mtu < 68 || mtu > 65535)) {
      throw new IllegalArgumentException(
          "the MTU " + mtu + " is not within 68 (the least that IPv4 allows) and 65535");
    }
  }
}
