package io.fairlead.nftables.policy;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.ElementCounter;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** A kernel that does not take some operations, with an answer for each, like the real one. */
final class RefusingKernel implements NfTablesKernel {

  private final NfTablesKernel kernel;
  private Predicate<NfOperation> refused = _ -> false;
  private int commits;

  RefusingKernel(NfTablesKernel kernel) {
    this.kernel = kernel;
  }

  void refuse(Predicate<NfOperation> operations) {
    refused = operations;
  }

  /** How often a transaction was tried. */
  int commits() {
    return commits;
  }

  @Override
  public void commit(NfTransaction transaction) throws IOException {
    commits++;
    NetlinkException first = null;
    for (NfOperation operation : transaction.operations()) {
      if (refused.test(operation)) {
        NetlinkException refusal =
            new NetlinkException(operation.toString(), Errno.ENFILE, "", -1, 0);
        if (first == null) {
          first = refusal;
        } else {
          first.addSuppressed(refusal);
        }
      }
    }
    if (first != null) {
      throw first;
    }
    kernel.commit(transaction);
  }

  @Override
  public long generation() throws IOException {
    return kernel.generation();
  }

  @Override
  public List<NfTable> tables() throws IOException {
    return kernel.tables();
  }

  @Override
  public List<NfChain> chains(TableName table) throws IOException {
    return kernel.chains(table);
  }

  @Override
  public List<NfRule> rules(TableName table) throws IOException {
    return kernel.rules(table);
  }

  @Override
  public List<NfSet> sets(TableName table) throws IOException {
    return kernel.sets(table);
  }

  @Override
  public List<SetElement> elements(NfSet set) throws IOException {
    return kernel.elements(set);
  }

  @Override
  public List<ElementCounter> counters(NfSet set) throws IOException {
    return kernel.counters(set);
  }

  @Override
  public List<NfCounter> counters(TableName table) throws IOException {
    return kernel.counters(table);
  }

  @Override
  public void close() {
    kernel.close();
  }
}
