package io.fairlead.nftables.policy;

import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import java.io.IOException;
import java.util.List;

/**
 * Keeps the table of NetworkPolicies. A commit costs what changed, in one transaction; the first
 * one, and each one after a failure or after somebody else touched the table, reads the table once
 * and sends only the difference. One thread at a time, except {@link #distrust}, which any may
 * call.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable", "ObjectToString"})
public final class NftablesPolicies {

  private final NfTablesKernel kernel;
  private final Enforcement wanted;
  private PolicySettings settings;

  /** Touches nothing until the first commit. The caller keeps {@code kernel} and closes it. */
  public NftablesPolicies(NfTablesKernel kernel, Enforcement wanted, PolicySettings settings) {
    this.kernel = kernel;
    this.wanted = wanted;
    this.settings = settings;
  }

  /** The table that is kept, and the only one that is ever changed. */
  public static TableName table() {
    return TableName.inet("fairlead-policy");
  }

  /** Takes over settings that may differ from those until now. */
  public void settings(PolicySettings current) {
    settings = current;
  }

  /** Takes note of what changed in what is wanted; in the order of the changes. */
  public void update(EnforcementChange change) {
    throw new UnsupportedOperationException(change.toString());
  }

  /** The kernel may not hold what was committed: the next commit looks. Thread-safe. */
  public void distrust() {
    throw new UnsupportedOperationException();
  }

  /** The policies that the kernel did not take, each with a sentence: they allow nothing. */
  public java.util.Map<io.fairlead.dataplane.model.ObjectKey, String> problems() {
    throw new UnsupportedOperationException();
  }

  /** Whether the next commit has anything to do. */
  public boolean isPending() {
    throw new UnsupportedOperationException();
  }

  /**
   * Brings the kernel to what is wanted.
   *
   * @return what it took, in order; empty if everything was right
   * @throws IOException if the kernel refused; the next commit looks at what there is
   */
  public List<String> commit() throws IOException {
    throw new UnsupportedOperationException(settings.toString());
  }

  /** Compares all of the table with what is wanted and repairs it; returns what it took. */
  public List<String> audit() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** What the kernel has counted. Reads all of it: for when somebody asks. */
  public PolicyCounters counters() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Removes the table; returns whether there was one. */
  public static boolean cleanup(NfTablesKernel kernel) throws IOException {
    throw new UnsupportedOperationException(kernel.toString());
  }
}
