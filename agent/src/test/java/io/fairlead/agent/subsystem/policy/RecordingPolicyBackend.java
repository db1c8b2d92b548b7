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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A kernel that knows the addresses that were let in at the last commit, and refuses as told. */
final class RecordingPolicyBackend implements PolicyBackend {

  private final Enforcement enforcement;
  final Set<ConntrackTuple> refused = new HashSet<>();
  final Map<ObjectKey, String> problems = new HashMap<>();
  final List<String> log;
  @Nullable PolicySettings settings;
  @Nullable String refusal;
  boolean drifted;
  Set<IpAddress> kernel = Set.of();
  private boolean pending = true;

  RecordingPolicyBackend(Enforcement enforcement, List<String> log) {
    this.enforcement = enforcement;
    this.log = log;
  }

  @Override
  public void settings(PolicySettings current) {
    settings = current;
  }

  @Override
  public void update(EnforcementChange change) {
    pending = true;
  }

  void distrust() {
    pending = true;
  }

  @Override
  public Comparison compare(Enforcement wanted, PolicySettings current) {
    return Comparison.NOTHING;
  }

  @Override
  public boolean isPending() {
    return pending;
  }

  @Override
  public List<String> commit() throws IOException {
    if (refusal != null) {
      throw new IOException(refusal);
    }
    Set<IpAddress> before = kernel;
    kernel = Set.copyOf(enforcement.addresses());
    pending = false;
    log.add("commit");
    return before.equals(kernel) ? List.of() : List.of("commit");
  }

  @Override
  public List<String> audit() throws IOException {
    commit();
    return drifted ? List.of("repair") : List.of();
  }

  @Override
  public Map<ObjectKey, String> problems() {
    return problems;
  }

  @Override
  public PolicyCounters counters() {
    return new PolicyCounters(Map.of(), Map.of(), 0);
  }

  @Override
  public List<KernelObject> evidence(
      IpAddress pod,
      PolicyDirection direction,
      @Nullable ObjectKey policy,
      @Nullable IpAddress peer)
      throws IOException {
    return List.of();
  }

  @Override
  public boolean refuse(Collection<ConntrackTuple> answers) {
    refused.addAll(answers);
    return true;
  }

  @Override
  public Set<ConntrackTuple> refused() {
    return Set.copyOf(refused);
  }

  @Override
  public void pass(Collection<ConntrackTuple> answers) {
    refused.removeAll(answers);
  }

  @Override
  public void close() {
    log.add("close");
  }
}
