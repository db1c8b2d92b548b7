package io.fairlead.bench.chaos.fault;

import java.io.IOException;
import java.util.List;

/** One of our tables goes, whole. */
final class TableDeleted implements Fault {

  private static final List<String> TABLES =
      List.of("inet fairlead", "inet fairlead-policy", "bridge fairlead-guard");

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    return Commands.run(target, "nft delete table " + target.choose(TABLES));
  }
}
