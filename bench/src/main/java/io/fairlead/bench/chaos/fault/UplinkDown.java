package io.fairlead.bench.chaos.fault;

import java.io.IOException;

/** The link to other nodes is down, by the node's own hand or by the switch's. */
final class UplinkDown implements Fault {

  private static final String GATEWAY = "192.168.88.1";

  private boolean atSwitch;

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    atSwitch = target.random().nextBoolean();
    set(target, "down");
    return (atSwitch ? "the switch's port of " : "eth0 of ") + target.node().name() + " goes down";
  }

  @Override
  public void undo(Target target) throws IOException, InterruptedException {
    set(target, "up");
    if (!atSwitch) {
      // The kernel forgets it with the link; whoever configures the host puts it back.
      target.node().namespace().run("ip", "route", "replace", "default", "via", GATEWAY);
    }
  }

  private void set(Target target, String state) throws IOException, InterruptedException {
    if (atSwitch) {
      target.cluster().lab().underlay().run("ip", "link", "set", target.node().name(), state);
    } else {
      target.node().namespace().run("ip", "link", "set", "eth0", state);
    }
  }
}
