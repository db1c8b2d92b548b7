package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An nf_tables in memory, for tests of what stands on {@link NfTablesKernel}: transactions,
 * handles, generations and refusals are like the kernel's. It moves no packets. Its {@link
 * #toString} is the text of all its tables.
 */
public final class FakeNfTables implements NfTablesKernel {

  private Map<TableName, FakeTable> tables = new LinkedHashMap<>();
  private final List<NfTransaction> committed = new ArrayList<>();
  private long generation = 1;
  private long handles;
  private @Nullable NetlinkException nextFailure;

  /** All transactions that took effect, in order. */
  public List<NfTransaction> committed() {
    return List.copyOf(committed);
  }

  /** Makes the next commit throw {@code failure} and change nothing. */
  public void failNext(NetlinkException failure) {
    nextFailure = failure;
  }

  /** Changes the tables behind the back of whoever uses this: not among {@link #committed}. */
  public void disturb(NfTransaction transaction) throws NetlinkException {
    apply(transaction);
  }

  @Override
  public void commit(NfTransaction transaction) throws NetlinkException {
    NetlinkException failure = nextFailure;
    if (failure != null) {
      nextFailure = null;
      throw failure;
    }
    if (!transaction.isEmpty()) {
      apply(transaction);
      committed.add(NfTransaction.of(transaction.operations().toArray(NfOperation[]::new)));
    }
  }

  private void apply(NfTransaction transaction) throws NetlinkException {
    Map<TableName, FakeTable> next = new LinkedHashMap<>();
    tables.forEach((name, table) -> next.put(name, table.copy()));
    NetlinkException refusal = null;
    for (NfOperation operation : transaction.operations()) {
      int errno = apply(operation, next);
      if (errno != 0) {
        NetlinkException cause = new NetlinkException(operation.toString(), errno, "", -1, 0);
        if (refusal == null) {
          refusal = cause;
        } else {
          refusal.addSuppressed(cause);
        }
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    tables = next;
    generation++;
  }

  private int apply(NfOperation operation, Map<TableName, FakeTable> next) {
    return switch (operation) {
      case NfOperation.AddTable add -> {
        next.computeIfAbsent(add.table().name(), _ -> new FakeTable(add.table()));
        yield 0;
      }
      case NfOperation.DeleteTable delete -> next.remove(delete.table()) == null ? Errno.ENOENT : 0;
      case NfOperation.AddChain add -> in(next, add.chain().table(), t -> t.add(add.chain()));
      case NfOperation.DeleteChain delete ->
          in(next, delete.table(), t -> t.deleteChain(delete.chain()));
      case NfOperation.FlushChain flush ->
          in(next, flush.table(), t -> t.flushChain(flush.chain()));
      case NfOperation.AddRule add ->
          in(next, add.rule().table(), t -> t.addRule(add.rule(), ++handles));
      case NfOperation.InsertRule insert ->
          in(
              next,
              insert.rule().table(),
              t -> t.insertRule(insert.rule(), insert.before(), ++handles));
      case NfOperation.ReplaceRule replace ->
          in(
              next,
              replace.rule().table(),
              t -> t.replaceRule(replace.rule(), replace.handle(), ++handles));
      case NfOperation.DeleteRule delete ->
          in(next, delete.table(), t -> t.deleteRule(delete.chain(), delete.handle()));
      case NfOperation.AddSet add -> in(next, add.set().table(), t -> t.add(add.set()));
      case NfOperation.DeleteSet delete -> in(next, delete.table(), t -> t.deleteSet(delete.set()));
      case NfOperation.FlushSet flush -> in(next, flush.table(), t -> t.flushSet(flush.set()));
      case NfOperation.AddElements add ->
          in(next, add.set().table(), t -> t.addElements(add.set().name(), add.elements()));
      case NfOperation.DeleteElements delete ->
          in(
              next,
              delete.set().table(),
              t -> t.deleteElements(delete.set().name(), delete.elements()));
      case NfOperation.AddCounter add -> in(next, add.counter().table(), t -> t.add(add.counter()));
      case NfOperation.DeleteCounter delete ->
          in(next, delete.table(), t -> t.deleteCounter(delete.counter()));
    };
  }

  /** A change of one table; the errno, or 0. */
  private interface Change {
    int apply(FakeTable table);
  }

  private static int in(Map<TableName, FakeTable> tables, TableName name, Change change) {
    FakeTable table = tables.get(name);
    return table == null ? Errno.ENOENT : change.apply(table);
  }

  @Override
  public long generation() {
    return generation;
  }

  @Override
  public List<NfTable> tables() {
    return tables.values().stream().map(FakeTable::table).toList();
  }

  @Override
  public List<NfChain> chains(TableName table) {
    FakeTable found = tables.get(table);
    return found == null ? List.of() : found.chains();
  }

  @Override
  public List<NfRule> rules(TableName table) {
    FakeTable found = tables.get(table);
    return found == null ? List.of() : found.rules();
  }

  @Override
  public List<NfSet> sets(TableName table) {
    FakeTable found = tables.get(table);
    return found == null ? List.of() : found.sets();
  }

  @Override
  public List<SetElement> elements(NfSet set) throws NetlinkException {
    FakeTable found = tables.get(set.table());
    List<SetElement> elements = found == null ? null : found.elements(set.name());
    if (elements == null) {
      throw new NetlinkException("list elements of " + set, Errno.ENOENT, "", -1, 0);
    }
    return elements;
  }

  @Override
  public Map<String, Long> elementCounts(TableName table) throws NetlinkException {
    Map<String, Long> counts = new HashMap<>();
    for (NfSet set : sets(table)) {
      counts.put(set.name(), (long) elements(set).size());
    }
    return counts;
  }

  /** Zero for each element: no packets pass here. */
  @Override
  public List<ElementCounter> counters(NfSet set) throws NetlinkException {
    return elements(set).stream().map(element -> new ElementCounter(element.key(), 0, 0)).toList();
  }

  @Override
  public List<NfCounter> counters(TableName table) {
    FakeTable found = tables.get(table);
    return found == null ? List.of() : found.counters();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    tables.values().forEach(table -> text.append(table.snapshot(generation)));
    return text.toString();
  }

  @Override
  public void close() {}
}
