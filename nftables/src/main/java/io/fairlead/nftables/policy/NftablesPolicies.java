package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.evidence.TableComparison;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.RecordingNfTables;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.OperationTexts;
import io.fairlead.dataplane.table.StrayChains;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the table of NetworkPolicies. A commit costs what changed, in one transaction; the first
 * one, and each one after a failure or after somebody else touched the table, reads the table once
 * and sends only the difference. One thread at a time, except {@link #distrust}, which any may
 * call.
 *
 * <p>A policy that the kernel does not take is replaced by one that allows nothing, so that the
 * others are enforced: see {@link #problems}.
 */
public final class NftablesPolicies {

  private final NfTablesKernel kernel;
  private final Enforcement wanted;
  private final Set<IpAddress> subjects = new HashSet<>();

  /** Sorted: a hash table would stay as large as the first sync made it, and each use cost that. */
  private final Set<ObjectKey> policies = new TreeSet<>();

  private final MemberChanges members = new MemberChanges();
  private final BrokenPolicies broken = new BrokenPolicies();
  private final AtomicBoolean trusted = new AtomicBoolean();
  private PolicySettings settings;
  private @Nullable PolicyState state;

  /** Touches nothing until the first commit. The caller keeps {@code kernel} and closes it. */
  public NftablesPolicies(NfTablesKernel kernel, Enforcement wanted, PolicySettings settings) {
    this.kernel = kernel;
    this.wanted = wanted;
    this.settings = settings;
  }

  /** The table that is kept, and the only one that is ever changed. */
  public static TableName table() {
    return TABLE;
  }

  /** Takes over settings that may differ from those until now. */
  public void settings(PolicySettings current) {
    if (!settings.equals(current)) {
      settings = current;
      distrust();
    }
  }

  /** Takes note of what changed in what is wanted; in the order of the changes. */
  public void update(EnforcementChange change) {
    subjects.addAll(change.subjects());
    policies.addAll(change.policies());
    members.addSelectors(change.selectors());
    members.addPortNames(change.portNames());
    broken.removeAll(change.policies());
  }

  /** The kernel may not hold what was committed: the next commit looks. Thread-safe. */
  public void distrust() {
    trusted.set(false);
  }

  /** Whether the next commit has anything to do. */
  public boolean isPending() {
    return !trusted.get() || !subjects.isEmpty() || !policies.isEmpty() || !members.isEmpty();
  }

  /**
   * The policies that the kernel did not take, each with a sentence: they isolate and allow
   * nothing. Tried again when they change, and by {@link #audit}.
   */
  public Map<ObjectKey, String> problems() {
    return broken.problems();
  }

  /**
   * Brings the kernel to what is wanted.
   *
   * @return what it took, in order; empty if everything was right
   * @throws IOException if the kernel refused; the next commit looks at what there is
   */
  public List<String> commit() throws IOException {
    PolicyState current = state;
    if (current == null || !trusted.get()) {
      return synchronize();
    }
    NfTransaction transaction;
    try {
      ElementChanges changes = new ElementChanges();
      PolicyPlan plan = new PolicyPlan(changes);
      current.change(subjects, policies, members, plan);
      transaction = plan.transaction(changes);
      StrayChains.commit(kernel, transaction);
    } catch (NetlinkException e) {
      // Either the kernel has something else than was committed, or it does not take a policy.
      return synchronize();
    } catch (IOException | RuntimeException e) {
      trusted.set(false); // The mirror is ahead of the kernel now.
      throw e;
    }
    clearChanges();
    return new OperationTexts(transaction.operations());
  }

  private void clearChanges() {
    subjects.clear();
    policies.clear();
    members.clear();
  }

  /** Compares all of the table with what is wanted and repairs it; returns what it took. */
  public List<String> audit() throws IOException {
    broken.clear();
    return synchronize();
  }

  private List<String> synchronize() throws IOException {
    // Before reading, so that a change during the reading is not overlooked.
    trusted.set(true);
    state = null;
    Map<ObjectKey, String> brokenBefore = broken.problems();
    try {
      while (true) {
        TableSnapshot snapshot = kernel.dump(TABLE).orElse(null);
        PolicySync sync = PolicySync.of(snapshot, wanted, settings, broken);
        try {
          StrayChains.commit(kernel, sync.transaction());
        } catch (NetlinkException e) {
          if (!Refusal.addTo(broken, e, sync.state())) {
            throw e;
          }
          continue;
        }
        state = sync.state();
        clearChanges();
        return new OperationTexts(sync.transaction().operations());
      }
    } catch (IOException | RuntimeException e) {
      broken.restore(brokenBefore);
      trusted.set(false);
      throw e;
    }
  }

  /**
   * What would have to change in the table for {@code other} in place of what is wanted. Changes
   * nothing, and costs what {@link #audit} does. Policies that the kernel did not take, and that
   * are the same, are compared with what stands for them.
   *
   * @throws IOException if the table could not be read
   */
  public Comparison compare(Enforcement other, PolicySettings wantedSettings) throws IOException {
    RecordingNfTables recording = new RecordingNfTables(kernel);
    NftablesPolicies fresh = new NftablesPolicies(recording, other, wantedSettings);
    fresh.broken.restore(broken.problems());
    fresh.broken.removeAll(
        broken.problems().keySet().stream()
            .filter(key -> !Objects.equals(wanted.policies().get(key), other.policies().get(key)))
            .toList());
    var _ = fresh.commit();
    return TableComparison.of(TABLE, recording);
  }

  /**
   * Has answers of flows that were cut dropped, unless they are TCP's, which are anyway; for as
   * long as they keep coming and five minutes more.
   *
   * @return false if the kernel has no table, so that nothing is denied
   * @throws IOException if the kernel refused: there is no room for more
   */
  public boolean refuse(Collection<ConntrackTuple> answers) throws IOException {
    try {
      CutSet.add(kernel, answers);
      return true;
    } catch (NetlinkException e) {
      if (e.isNotFound()) {
        return false;
      }
      throw e;
    }
  }

  /** The answers that the kernel refuses. */
  public Set<ConntrackTuple> refused() throws IOException {
    return CutSet.read(kernel);
  }

  /** Has these answers pass again; unknown ones are ignored. */
  public void pass(Collection<ConntrackTuple> answers) throws IOException {
    CutSet.remove(kernel, answers);
  }

  /**
   * What judges a pod's packets in the kernel now, in the order in which they meet it, with what it
   * has counted: compared with what was committed last. It costs what the pod has.
   *
   * @param policy only the chain of this one; null for all that isolate the pod
   * @param peer whose membership in the sets of these policies is looked at; null for nobody's
   * @return empty before the first commit
   * @throws IOException if the kernel cannot be read
   */
  public List<KernelObject> evidence(
      IpAddress pod,
      PolicyDirection direction,
      @Nullable ObjectKey policy,
      @Nullable IpAddress peer)
      throws IOException {
    PolicyState current = state;
    return current == null
        ? List.of()
        : new PolicyEvidence(kernel, current, wanted, settings, pod, direction, peer).read(policy);
  }

  /** What the kernel has counted. Reads all of it: for when somebody asks. */
  public PolicyCounters counters() throws IOException {
    PolicyState current = state;
    return current == null
        ? new PolicyCounters(Map.of(), Map.of(), 0)
        : CounterReading.of(kernel.counters(TABLE), current);
  }

  /** Removes the table; returns whether there was one. */
  public static boolean cleanup(NfTablesKernel kernel) throws IOException {
    boolean present = kernel.tables().stream().anyMatch(table -> table.name().equals(TABLE));
    if (present) {
      kernel.commit(NfTransaction.of(new NfOperation.DeleteTable(TABLE)));
    }
    return present;
  }
}
