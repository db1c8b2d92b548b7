package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.NfEvent;
import io.fairlead.dataplane.netlink.nftables.NfTablesMonitor;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Notices when somebody else changes or removes a table ({@code nft flush ruleset}, a firewall's
 * reload). Runs on a thread of its own until closed.
 */
public final class TableWatch implements AutoCloseable {

  private final NfTablesMonitor monitor;

  private TableWatch(NfTablesMonitor monitor) {
    this.monitor = monitor;
  }

  /**
   * Watches in the calling thread's network namespace.
   *
   * @param own the socket whose changes are not reported
   * @param table the one that is watched
   * @param distrust makes the table's keeper look at it again
   * @param disturbed called after that, on the watch's thread, with a sentence that says who did
   *     what; it should bring about a commit
   */
  public static TableWatch start(
      NfTablesSocket own, TableName table, Runnable distrust, Consumer<String> disturbed)
      throws SystemCallException {
    Listener listener = new Listener(own.port(), table, distrust, disturbed);
    return new TableWatch(NfTablesMonitor.start(table.name() + "-watch", List.of(table), listener));
  }

  @Override
  public void close() {
    monitor.close();
  }

  private static final class Listener implements NfTablesMonitor.Listener {

    private final int ownPort;
    private final TableName table;
    private final Runnable distrust;
    private final Consumer<String> disturbed;
    private int foreignChanges;

    Listener(int ownPort, TableName table, Runnable distrust, Consumer<String> disturbed) {
      this.ownPort = ownPort;
      this.table = table;
      this.distrust = distrust;
      this.disturbed = disturbed;
    }

    @Override
    public boolean hears(int port) {
      return port != ownPort;
    }

    @Override
    public void event(NfEvent event, int port) {
      if (event instanceof NfEvent.NewGeneration generation) {
        if (foreignChanges > 0) {
          report(
              "process "
                  + generation.process()
                  + " ("
                  + generation.processName()
                  + ") changed "
                  + foreignChanges
                  + " parts of table "
                  + table);
        }
        foreignChanges = 0;
      } else {
        foreignChanges++;
      }
    }

    private void report(String sentence) {
      distrust.run();
      disturbed.accept(sentence);
    }

    @Override
    public void overrun() {
      report("so much changed in nf_tables that events were lost");
    }

    @Override
    public void problem(IOException cause) {
      report("nf_tables events could not be read: " + cause.getMessage());
    }
  }
}
