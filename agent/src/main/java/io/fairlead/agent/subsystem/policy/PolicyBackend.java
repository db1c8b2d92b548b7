package io.fairlead.agent.subsystem.policy;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import io.fairlead.nftables.policy.PolicyCounters;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What keeps policies in the kernel. For the reconciling thread. */
interface PolicyBackend extends AutoCloseable {

  /** Takes over settings that may differ from those until now. */
  void settings(PolicySettings current);

  /** Takes note of what is wanted differently. */
  void update(EnforcementChange change);

  /** Whether the next commit has anything to do. */
  boolean isPending();

  /**
   * Brings the kernel to what is wanted; returns what it took.
   *
   * @throws IOException if the kernel refused
   */
  List<String> commit() throws IOException;

  /** Looks at all of it, and repairs it; returns what it took. */
  List<String> audit() throws IOException;

  /** What would have to change in the kernel for what {@code wanted} asks for; changes nothing. */
  Comparison compare(Enforcement wanted, PolicySettings settings) throws IOException;

  /** The policies that the kernel does not take, each with a sentence: they allow nothing. */
  Map<ObjectKey, String> problems();

  /** What the kernel has counted. */
  PolicyCounters counters() throws IOException;

  /** As {@link io.fairlead.nftables.policy.NftablesPolicies#evidence}. */
  List<KernelObject> evidence(
      IpAddress pod,
      PolicyDirection direction,
      @Nullable ObjectKey policy,
      @Nullable IpAddress peer)
      throws IOException;

  /**
   * Has answers of flows that were cut dropped; throws if they may pass. Returns false if the
   * kernel denies nothing at present.
   */
  boolean refuse(Collection<ConntrackTuple> answers) throws IOException;

  /** The answers that are dropped. */
  Set<ConntrackTuple> refused() throws IOException;

  /** Has answers pass again. */
  void pass(Collection<ConntrackTuple> answers) throws IOException;

  @Override
  void close();
}
