package io.fairlead.dataplane.netlink.route;

import org.jspecify.annotations.Nullable;

/**
 * How a bridge treats one of its ports (IFLA_BRPORT_ of if_link.h); null leaves a property as it
 * is, and is never read from the kernel.
 *
 * @param hairpin frames may leave through the port they came by
 * @param isolated no frames pass to other isolated ports
 * @param learning source addresses are learned here
 * @param neighbourSuppression the bridge answers ARP and ND itself where it knows the answer
 * @param unicastFlood frames to unknown addresses are sent here
 */
public record BridgePortSettings(
    @Nullable Boolean hairpin,
    @Nullable Boolean isolated,
    @Nullable Boolean learning,
    @Nullable Boolean neighbourSuppression,
    @Nullable Boolean unicastFlood,
    @Nullable Boolean multicastFlood,
    @Nullable Boolean broadcastFlood) {

  /** Sets nothing. */
  public static final BridgePortSettings NONE =
      new BridgePortSettings(null, null, null, null, null, null, null);

  public BridgePortSettings withHairpin(boolean value) {
    return new BridgePortSettings(
        value,
        isolated,
        learning,
        neighbourSuppression,
        unicastFlood,
        multicastFlood,
        broadcastFlood);
  }

  public BridgePortSettings withIsolated(boolean value) {
    return new BridgePortSettings(
        hairpin,
        value,
        learning,
        neighbourSuppression,
        unicastFlood,
        multicastFlood,
        broadcastFlood);
  }

  public BridgePortSettings withLearning(boolean value) {
    return new BridgePortSettings(
        hairpin,
        isolated,
        value,
        neighbourSuppression,
        unicastFlood,
        multicastFlood,
        broadcastFlood);
  }

  public BridgePortSettings withNeighbourSuppression(boolean value) {
    return new BridgePortSettings(
        hairpin, isolated, learning, value, unicastFlood, multicastFlood, broadcastFlood);
  }

  /** Whether frames to unknown, multicast and broadcast addresses are sent to the port. */
  public BridgePortSettings withFlood(boolean unicast, boolean multicast, boolean broadcast) {
    return new BridgePortSettings(
        hairpin, isolated, learning, neighbourSuppression, unicast, multicast, broadcast);
  }

  /** Each setting with a space before it: " hairpin on learning off". */
  @Override
  public String toString() {
    return text("hairpin", hairpin)
        + text("isolated", isolated)
        + text("learning", learning)
        + text("neighbour-suppression", neighbourSuppression)
        + text("unicast-flood", unicastFlood)
        + text("multicast-flood", multicastFlood)
        + text("broadcast-flood", broadcastFlood);
  }

  private static String text(String name, @Nullable Boolean value) {
    return value == null ? "" : " " + name + (value ? " on" : " off");
  }
}
