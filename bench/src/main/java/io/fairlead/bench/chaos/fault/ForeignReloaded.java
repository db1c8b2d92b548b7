package io.fairlead.bench.chaos.fault;

import java.io.IOException;

/** A firewall that replaces its own table again and again, and nothing else. */
final class ForeignReloaded implements Fault {

  private static final String TABLE = "add table inet foreign";
  private static final int TIMES = 10;

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    for (int i = 0; i < TIMES; i++) {
      target
          .node()
          .namespace()
          .run(
              "nft",
              TABLE
                  + "; delete table inet foreign; "
                  + TABLE
                  + "; add chain inet foreign input { type filter hook input priority 50; policy"
                  + " accept; }; add chain inet foreign forward { type filter hook forward priority"
                  + " 50; policy accept; }; add rule inet foreign forward ct state invalid counter");
    }
    return "another's table is replaced " + TIMES + " times on " + target.node().name();
  }

  @Override
  public void undo(Target target) throws IOException, InterruptedException {
    target.node().namespace().run("nft", "delete", "table", "inet", "foreign");
  }
}
