package io.fairlead.bench.chaos.fault;

import java.io.IOException;

/** A node goes from VXLAN to host-gw and back, as the others stay. */
final class OverlaySwitched implements Fault {

  @Override
  public String inject(Target target) throws IOException {
    target.node().configure("overlay", "host-gw");
    return target.node().name() + " goes to overlay host-gw";
  }

  @Override
  public void undo(Target target) throws IOException {
    target.node().configure("overlay", "vxlan");
  }
}
