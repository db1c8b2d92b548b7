package io.fairlead.dataplane.netlink.route;

/**
 * A port of a bridge with its current settings, none of them null.
 *
 * @param linkIndex the link that is the port
 * @param bridgeIndex the bridge
 */
public record BridgePort(int linkIndex, int bridgeIndex, BridgePortSettings settings) {

  @Override
  public String toString() {
    return "bridge port " + linkIndex + " of " + bridgeIndex + settings;
  }
}
