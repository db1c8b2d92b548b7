package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldRule;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The iptables of one network namespace. Only chains whose names begin with {@link #PREFIX}, and
 * rules of built-in chains that lead to such chains, are ever read or touched. For one thread at a
 * time.
 */
public interface XtablesKernel extends AutoCloseable {

  /** How the names of all our chains begin. */
  String PREFIX = "FAIRLEAD";

  /** XT_EXTENSION_MAXNAMELEN of linux/netfilter/x_tables.h, without the terminating zero. */
  int MAX_CHAIN_NAME = 28;

  /**
   * What is ours in the table, after all commits so far. It may wait for those.
   *
   * @throws IOException with a sentence, if the kernel or a program refused
   */
  XtablesSnapshot read(AddressFamily family, IptablesTable table) throws IOException;

  /**
   * Some of our chains, and the rules of built-in ones that lead to any of ours, after all commits
   * so far. It may wait for those.
   *
   * @param chains those that there are not, are left out
   * @throws IOException with a sentence, if the kernel or a program refused
   */
  default XtablesSnapshot read(AddressFamily family, IptablesTable table, Set<String> chains)
      throws IOException {
    XtablesSnapshot all = read(family, table);
    Map<String, List<HeldRule>> some = new LinkedHashMap<>(all.chains());
    some.keySet().retainAll(chains);
    return new XtablesSnapshot(some, all.jumps());
  }

  /**
   * Brings the change into the kernel: all of it at once, or nothing. Changes take effect in the
   * order of the calls. The caller is never kept waiting for a lock that others hold: the result
   * may come later, and changes that wait may then be made together, with one result.
   *
   * @return completed when the kernel has it; exceptionally, with an IOException, if it was
   *     refused. After a refusal, what the kernel holds has to be read
   */
  CompletableFuture<Void> commit(AddressFamily family, IptablesTable table, XtablesChange change);

  /**
   * Removes all that is ours, of both families, and leaves nothing behind but what others have.
   *
   * @throws IOException if something was refused; it may be called again
   */
  void cleanup() throws IOException;

  /** Releases sockets and threads; the kernel's state stays. */
  @Override
  void close();
}
