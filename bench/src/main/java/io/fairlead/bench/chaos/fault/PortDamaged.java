package io.fairlead.bench.chaos.fault;

import java.io.IOException;
import java.util.List;

/** The host's end of a server's link is detached or set down. */
final class PortDamaged implements Fault {

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    String node = target.node().name();
    String server = node.endsWith("1") ? "server-1" : "server-2";
    String port = PodPorts.of(target.cluster().pod(server));
    String deed = target.choose(List.of("nomaster", "down"));
    target.cluster().pod(server).node().namespace().run("ip", "link", "set", port, deed);
    return "ip link set " + port + " " + deed + " (" + server + ")";
  }
}
