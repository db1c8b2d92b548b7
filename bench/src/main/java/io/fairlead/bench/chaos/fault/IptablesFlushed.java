package io.fairlead.bench.chaos.fault;

import io.fairlead.bench.lab.Await;
import java.io.IOException;
import java.util.List;

/** iptables -F and -X of what serves Services; a node of another mode gets mode iptables for it. */
final class IptablesFlushed implements Fault {

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    if (!target.cluster().proxyMode().equals("iptables")) {
      target.node().configure("proxy-mode", "iptables");
      Await.until(
          target.node().name() + " serves by iptables",
          Await.PATIENCE,
          () -> target.node().namespace().run("iptables-nft-save").contains("10.96.0.10"));
    }
    String table = target.choose(List.of("nat", "filter"));
    return Commands.run(target, "iptables-nft -t " + table + " -F");
  }

  @Override
  public void undo(Target target) throws IOException {
    target.node().configure("proxy-mode", target.cluster().proxyMode());
  }
}
