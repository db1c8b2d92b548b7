package io.fairlead.bench.chaos.fault;

import java.io.IOException;
import java.util.List;

/** Parts of our tables are emptied, and the tables stay. */
final class RulesDeleted implements Fault {

  private static final List<String> COMMANDS =
      List.of(
          "nft flush table inet fairlead",
          "nft flush table inet fairlead-policy",
          "nft flush chain inet fairlead nat-prerouting",
          "nft flush chain inet fairlead filter-forward",
          "nft flush chain inet fairlead-policy ingress",
          "nft flush set inet fairlead cluster-ipv4",
          "nft flush set inet fairlead-policy admitted-ipv4",
          "nft flush map inet fairlead-policy ingress-ipv4",
          "nft flush set bridge fairlead-guard own-ipv4");

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    return Commands.run(target, target.choose(COMMANDS));
  }
}
