package io.fairlead.bench.chaos.fault;

import java.io.IOException;

/** A node goes to another proxy mode, between nftables and iptables, and back. */
final class ProxySwitched implements Fault {

  @Override
  public String inject(Target target) throws IOException {
    String other = target.cluster().proxyMode().equals("iptables") ? "nftables" : "iptables";
    target.node().configure("proxy-mode", other);
    return target.node().name() + " goes to proxy mode " + other;
  }

  @Override
  public void undo(Target target) throws IOException {
    target.node().configure("proxy-mode", target.cluster().proxyMode());
  }
}
