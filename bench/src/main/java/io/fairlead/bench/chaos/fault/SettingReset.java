package io.fairlead.bench.chaos.fault;

import java.io.IOException;

/** Forwarding is turned off, as tools do that set the kernel's settings anew. */
final class SettingReset implements Fault {

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    return Commands.run(target, "sysctl -qw net.ipv4.ip_forward=0");
  }
}
