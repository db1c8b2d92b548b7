package io.fairlead.bench.chaos.fault;

import java.io.IOException;
import java.util.List;

/** The bridge of the node's pods loses what it needs, or goes itself. */
final class BridgeDamaged implements Fault {

  private static final List<String> COMMANDS =
      List.of(
          "ip address flush dev fairlead0",
          "ip link set fairlead0 down",
          "ip link set fairlead0 mtu 1300",
          "ip link delete fairlead0");

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    return Commands.run(target, target.choose(COMMANDS));
  }
}
