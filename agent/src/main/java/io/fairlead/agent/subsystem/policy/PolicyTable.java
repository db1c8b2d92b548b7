package io.fairlead.agent.subsystem.policy;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.nftables.policy.NftablesPolicies;
import io.fairlead.nftables.policy.PolicyCounters;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The table of policies together with the sockets that it is kept through. */
final class PolicyTable implements PolicyBackend {

  private final NfTablesSocket kernel;
  private final NftablesPolicies policies;
  private final TableWatch watch;

  private PolicyTable(NfTablesSocket kernel, NftablesPolicies policies, TableWatch watch) {
    this.kernel = kernel;
    this.policies = policies;
    this.watch = watch;
  }

  /**
   * Opens its sockets in the calling thread's network namespace.
   *
   * @param disturbed told, on a thread of the watch, when somebody else changed the table; the next
   *     commit repairs it
   */
  static PolicyTable open(
      Enforcement enforcement, PolicySettings settings, Consumer<String> disturbed)
      throws IOException {
    NfTablesSocket kernel = NfTablesSocket.open();
    try {
      NftablesPolicies policies = new NftablesPolicies(kernel, enforcement, settings);
      return new PolicyTable(
          kernel,
          policies,
          TableWatch.start(kernel, NftablesPolicies.table(), policies::distrust, disturbed));
    } catch (IOException e) {
      kernel.close();
      throw e;
    }
  }

  @Override
  public void settings(PolicySettings current) {
    policies.settings(current);
  }

  @Override
  public void update(EnforcementChange change) {
    policies.update(change);
  }

  @Override
  public boolean isPending() {
    return policies.isPending();
  }

  @Override
  public List<String> commit() throws IOException {
    return policies.commit();
  }

  @Override
  public List<String> audit() throws IOException {
    return policies.audit();
  }

  @Override
  public Comparison compare(Enforcement wanted, PolicySettings settings) throws IOException {
    return policies.compare(wanted, settings);
  }

  @Override
  public Map<ObjectKey, String> problems() {
    return policies.problems();
  }

  @Override
  public PolicyCounters counters() throws IOException {
    return policies.counters();
  }

  @Override
  public List<KernelObject> evidence(
      IpAddress pod,
      PolicyDirection direction,
      @Nullable ObjectKey policy,
      @Nullable IpAddress peer)
      throws IOException {
    return policies.evidence(pod, direction, policy, peer);
  }

  @Override
  public boolean refuse(Collection<ConntrackTuple> answers) throws IOException {
    return policies.refuse(answers);
  }

  @Override
  public Set<ConntrackTuple> refused() throws IOException {
    return policies.refused();
  }

  @Override
  public void pass(Collection<ConntrackTuple> answers) throws IOException {
    policies.pass(answers);
  }

  @Override
  public void close() {
    watch.close();
    kernel.close();
  }
}
