package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;

/**
 * Commits transactions that delete chains. Kernels before 6.2 refuse to delete a chain in the
 * transaction that deletes the map which leads to it (EBUSY): then the chains follow in another.
 */
public final class StrayChains {

  private StrayChains() {}

  /**
   * Commits all of it.
   *
   * @throws IOException if the kernel refused; then part of it may have been committed
   */
  public static void commit(NfTablesKernel kernel, NfTransaction transaction) throws IOException {
    try {
      kernel.commit(transaction);
    } catch (NetlinkException e) {
      NfTransaction deletions = new NfTransaction();
      NfTransaction others = new NfTransaction();
      for (NfOperation operation : transaction.operations()) {
        (operation instanceof NfOperation.DeleteChain ? deletions : others).add(operation);
      }
      if (e.errno() != Errno.EBUSY || deletions.isEmpty()) {
        throw e;
      }
      kernel.commit(others);
      kernel.commit(deletions);
    }
  }
}
