package io.fairlead.cni.attach;

/**
 * The bridge that pods are attached to.
 *
 * @param name of the link, at most 15 characters
 * @param mtu of the bridge and of pods attached from now on, in bytes
 */
public record BridgeSettings(String name, int mtu) {

  public static final String DEFAULT_NAME = "fairlead0";

  public BridgeSettings {
    if (name.isEmpty() || name.length() > 15) {
      throw new IllegalArgumentException(
          "the bridge name \"" + name + "\" has not 1 to 15 characters; choose a shorter one");
    }
    if (mtu < 1280 || mtu > 65535) {
      throw new IllegalArgumentException(
          "the MTU " + mtu + " is not within 1280 (the least that IPv6 allows) and 65535");
    }
  }
}
