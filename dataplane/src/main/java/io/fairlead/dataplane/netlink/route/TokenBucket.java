package io.fairlead.dataplane.netlink.route;

/**
 * A token bucket filter: lets packets out at a rate, after a burst, and drops what would wait in
 * too long a queue.
 *
 * @param rate bytes per second, at least 1
 * @param burst bytes that may go at once after a pause; at least a packet, or none ever goes
 * @param limit bytes that may wait, tokens or not
 */
public record TokenBucket(long rate, int burst, int limit) {

  public TokenBucket {
    if (rate < 1 || burst < 1 || limit < 1) {
      throw new IllegalArgumentException(
          "a token bucket of rate " + rate + ", burst " + burst + ", limit " + limit + " is none");
    }
  }

  @Override
  public String toString() {
    return "rate " + rate + " burst " + burst + " limit " + limit;
  }
}
