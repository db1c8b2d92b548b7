package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.PolicyDirection;
import org.jspecify.annotations.Nullable;

/**
 * What the NFLOG messages of denied packets begin with: the only thing that tells why a packet is
 * reported. Another version's are not understood.
 *
 * @param direction in which the packet was denied
 * @param shutIn whether the pod was not let in (yet), rather than isolated by policies
 */
public record DenialPrefix(PolicyDirection direction, boolean shutIn) {

  private static final String BEGINNING = "fairlead ";
  private static final String SHUT_IN = " shut-in";

  static DenialPrefix of(PolicyDirection direction, boolean shutIn) {
    return new DenialPrefix(direction, shutIn);
  }

  /** As it is in the message: "fairlead ingress", "fairlead egress shut-in". */
  public String text() {
    return BEGINNING + direction.text() + (shutIn ? SHUT_IN : "");
  }

  /** What a prefix tells, or null if it is somebody else's. */
  public static @Nullable DenialPrefix parse(String text) {
    for (PolicyDirection direction : PolicyDirection.values()) {
      for (boolean shutIn : new boolean[] {false, true}) {
        DenialPrefix prefix = new DenialPrefix(direction, shutIn);
        if (prefix.text().equals(text)) {
          return prefix;
        }
      }
    }
    return null;
  }
}
