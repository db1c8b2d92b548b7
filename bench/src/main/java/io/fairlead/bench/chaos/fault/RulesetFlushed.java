package io.fairlead.bench.chaos.fault;

import java.io.IOException;

/** What a firewall's reload does that believes to be alone. */
final class RulesetFlushed implements Fault {

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    return Commands.run(target, "nft flush ruleset");
  }
}
