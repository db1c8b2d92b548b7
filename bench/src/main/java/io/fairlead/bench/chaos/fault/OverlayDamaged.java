package io.fairlead.bench.chaos.fault;

import java.io.IOException;
import java.util.List;

/** The way to other nodes' pods is taken away, in part or whole. */
final class OverlayDamaged implements Fault {

  private static final List<String> COMMANDS =
      List.of(
          "ip route flush proto 102",
          "bridge fdb flush dev fairlead-vxlan",
          "ip neigh flush dev fairlead-vxlan nud permanent",
          "ip link set fairlead-vxlan down",
          "ip link set fairlead-vxlan address 02:00:00:00:00:01",
          "ip link set fairlead-vxlan mtu 1280",
          "ip link delete fairlead-vxlan");

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    return Commands.run(target, target.choose(COMMANDS));
  }
}
