package io.fairlead.dataplane.netlink.conntrack;

/**
 * The zone that keeps an entry apart from others with the same addresses and ports.
 *
 * @param id 0 to 65535
 * @param direction whose packets carry the zone
 */
public record ConntrackZone(int id, Direction direction) {

  /** Which of an entry's two directions is looked up in the zone; the other is in zone 0. */
  public enum Direction {
    BOTH,
    ORIGINAL,
    REPLY
  }

  public static final ConntrackZone DEFAULT = new ConntrackZone(0, Direction.BOTH);
}
