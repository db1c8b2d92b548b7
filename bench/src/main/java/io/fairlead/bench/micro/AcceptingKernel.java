package io.fairlead.bench.micro;

import io.fairlead.dataplane.netlink.nftables.ElementCounter;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import java.util.List;

/** A kernel that is empty at the start and accepts everything at once: what is left is our work. */
final class AcceptingKernel implements NfTablesKernel {

  private long operations;

  /** How many operations were committed. */
  long operations() {
    return operations;
  }

  @Override
  public void commit(NfTransaction transaction) {
    operations += transaction.operations().size();
  }

  @Override
  public long generation() {
    return 0;
  }

  @Override
  public List<NfTable> tables() {
    return List.of();
  }

  @Override
  public List<NfChain> chains(TableName table) {
    return List.of();
  }

  @Override
  public List<NfRule> rules(TableName table) {
    return List.of();
  }

  @Override
  public List<NfSet> sets(TableName table) {
    return List.of();
  }

  @Override
  public List<SetElement> elements(NfSet set) {
    return List.of();
  }

  @Override
  public List<ElementCounter> counters(NfSet set) {
    return List.of();
  }

  @Override
  public List<NfCounter> counters(TableName table) {
    return List.of();
  }

  @Override
  public void close() {}
}
