package io.fairlead.bench.datapath;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;

/** A part of what an agent puts in the way of its pods' packets. */
enum Layer {
  GUARD("the port guard", "nft delete table bridge fairlead-guard"),
  POLICIES("policies", "nft delete table inet fairlead-policy"),
  SERVICES("Services and masquerade", "nft delete table inet fairlead"),
  HOST_PORTS("host ports", "nft delete table inet fairlead-host-ports"),
  BRIDGED("br_netfilter", "sysctl -qw net.bridge.bridge-nf-call-iptables=0"),
  /** With the last table, connection tracking goes. */
  TABLES("all tables", "nft flush ruleset");

  private final String title;
  private final String command;

  Layer(String title, String command) {
    this.title = title;
    this.command = command;
  }

  String title() {
    return title;
  }

  /** Takes it away from a node, whose agent must not run: it would put it back. */
  void remove(LabNamespace node) throws IOException, InterruptedException {
    node.run(command.split(" ", -1));
  }
}
