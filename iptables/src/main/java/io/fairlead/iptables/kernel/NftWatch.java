package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfEvent;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfTablesMonitor;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.sys.SystemCallException;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Notices, on a thread of its own, when somebody else touches what {@link NftXtables} wrote: a
 * chain of ours, one of its rules, a jump to it, or a whole table. What others do with their own
 * rules in the same tables is passed over. The legacy variant has nothing of the kind.
 */
public final class NftWatch implements AutoCloseable {

  private static final Set<TableName> TABLES = tables();

  private final NfTablesMonitor monitor;

  private NftWatch(NfTablesMonitor monitor) {
    this.monitor = monitor;
  }

  /**
   * Subscribes in the calling thread's network namespace.
   *
   * @param port of our own changes: {@link NftXtables#port}
   * @param touched run on the watch's thread, once for each thing that was touched or if events
   *     were lost; must not block
   */
  public static NftWatch start(int port, Runnable touched) throws SystemCallException {
    return new NftWatch(NfTablesMonitor.start("iptables-watch", TABLES, new Filter(port, touched)));
  }

  private static Set<TableName> tables() {
    Set<TableName> tables = new HashSet<>();
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        tables.add(NfForm.table(family, table));
      }
    }
    return Set.copyOf(tables);
  }

  @Override
  public void close() {
    monitor.close();
  }

  private record Filter(int own, Runnable touched) implements NfTablesMonitor.Listener {

    @Override
    public boolean hears(int port) {
      return port != own;
    }

    @Override
    public void event(NfEvent event, int port) {
      if (isOurs(event)) {
        touched.run();
      }
    }

    private static boolean isOurs(NfEvent event) {
      return switch (event) {
        case NfEvent.TableChanged(boolean added, _) -> !added;
        case NfEvent.ChainChanged(_, NfChain chain) -> isOurs(chain.name());
        case NfEvent.RuleChanged(_, NfRule rule) ->
            isOurs(rule.chain()) || NfForm.leadsToOurs(rule);
        case NfEvent.SetChanged _,
            NfEvent.ElementsChanged _,
            NfEvent.CounterChanged _,
            NfEvent.NewGeneration _ ->
            false;
      };
    }

    private static boolean isOurs(String chain) {
      return chain.startsWith(XtablesKernel.PREFIX);
    }

    @Override
    public void overrun() {
      touched.run();
    }

    @Override
    public void problem(IOException cause) {
      touched.run();
    }
  }
}
