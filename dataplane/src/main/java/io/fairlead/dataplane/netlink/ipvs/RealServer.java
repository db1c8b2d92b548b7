package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.model.IpAddress;

/**
 * A real server: an endpoint of a virtual server. Immutable.
 *
 * @param port 0 to 65535; 0 keeps the packet's port, for virtual servers of all ports or by mark
 * @param weight its share among the others; 0 takes no new connections and keeps the old ones
 * @param foreign what else is set, by others than us, as ipvsadm spells it: "-x 100 -y 50"; empty
 *     for ours. It is read only, so that a difference is seen
 */
public record RealServer(
    IpAddress address, int port, ForwardingMethod method, int weight, String foreign) {

  public RealServer {
    IpvsText.requirePort(port);
    IpvsText.requireRange("a weight", weight, 0, Integer.MAX_VALUE);
  }

  /** One with nothing set that we never set. */
  public RealServer(IpAddress address, int port, ForwardingMethod method, int weight) {
    this(address, port, method, weight, "");
  }

  public RealServerId id() {
    return new RealServerId(address, port);
  }

  /** "10.244.1.3:53 weight 1", with the method behind it unless that is masquerade. */
  @Override
  public String toString() {
    return IpvsText.withPort(address, port)
        + " weight "
        + weight
        + (method == ForwardingMethod.MASQUERADE ? "" : " " + method)
        + IpvsText.behind(foreign);
  }
}
