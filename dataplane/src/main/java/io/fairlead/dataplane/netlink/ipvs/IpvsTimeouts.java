package io.fairlead.dataplane.netlink.ipvs;

/**
 * How long the kernel remembers idle connections, in seconds. When set, 0 leaves one as it is.
 *
 * @param tcp established
 * @param tcpFin after a FIN
 */
public record IpvsTimeouts(int tcp, int tcpFin, int udp) {

  public IpvsTimeouts {
    IpvsText.requireRange("the timeout of TCP", tcp, 0, Integer.MAX_VALUE);
    IpvsText.requireRange("the timeout of TCP after a FIN", tcpFin, 0, Integer.MAX_VALUE);
    IpvsText.requireRange("the timeout of UDP", udp, 0, Integer.MAX_VALUE);
  }
}
