package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodPort;
import io.fairlead.dataplane.policy.enforcement.Subject;
import io.fairlead.dataplane.table.TableEvidence;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the kernel has of one pod in one direction, in the order in which packets meet it. */
final class PolicyEvidence {

  private final PolicyState state;
  private final Enforcement enforcement;
  private final PolicySettings settings;
  private final IpAddress pod;
  private final PolicyDirection direction;
  private final @Nullable IpAddress peer;
  private final TableEvidence evidence;

  /**
   * Reads nothing yet.
   *
   * @param peer whose membership in sets is looked at; null for nobody's
   */
  PolicyEvidence(
      NfTablesKernel kernel,
      PolicyState state,
      Enforcement enforcement,
      PolicySettings settings,
      IpAddress pod,
      PolicyDirection direction,
      @Nullable IpAddress peer) {
    this.state = state;
    this.enforcement = enforcement;
    this.settings = settings;
    this.pod = pod;
    this.direction = direction;
    this.peer = peer;
    this.evidence = new TableEvidence(kernel);
  }

  /**
   * Reads it now.
   *
   * @param only the policy whose chain is wanted; null for all that isolate the pod
   */
  List<KernelObject> read(@Nullable ObjectKey only) throws IOException {
    PolicySets sets = PolicySets.of(pod.family());
    Subject subject = state.subject(pod);
    List<ObjectKey> policies = subject == null ? List.of() : subject.policies(direction);
    SetElement itself = SetElement.of(new KeyBuilder().address(pod).address(pod).build());
    look(sets.itself(), itself, subject != null && !subject.equals(Subject.FREE));
    if (policies.isEmpty()) {
      evidence.unwanted(sets.isolated(direction), Bytes.of(pod));
      readAdmission(sets, subject != null);
      return evidence.objects();
    }
    Combination combination = new Combination(direction, policies);
    Bytes number = state.number(combination);
    evidence.element(sets.isolated(direction), SetElement.of(Bytes.of(pod), number));
    evidence.element(
        PolicySets.chains(direction), SetElement.of(number, Verdict.goTo(combination.name())));
    evidence.chain(TABLE, combination.name(), combination.rules());
    for (ObjectKey policy : policies) {
      if (only == null || only.equals(policy)) {
        readPolicy(policy);
      }
    }
    readFixed(PolicyTable.deny(direction));
    readAdmission(sets, true);
    return evidence.objects();
  }

  private void look(NfSet set, SetElement element, boolean wanted) throws IOException {
    if (wanted) {
      evidence.element(set, element);
    } else {
      evidence.unwanted(set, element.key());
    }
  }

  private void readAdmission(PolicySets sets, boolean admitted) throws IOException {
    List<Cidr> networks =
        Cidr.disjoint(
            settings.podNetworks().stream()
                .filter(network -> network.family() == pod.family())
                .toList());
    for (Cidr network : networks) {
      if (network.contains(pod)) {
        evidence.element(sets.networks(), SetElement.of(network));
      }
    }
    look(sets.admitted(), SharedSet.element(pod), admitted);
    if (!admitted) {
      readFixed(PolicyTable.shutIn(direction));
    }
  }

  /** A chain that is there whatever policies there are. */
  private void readFixed(String name) throws IOException {
    for (var chain : PolicyTable.shape(settings).chains().entrySet()) {
      if (chain.getKey().name().equals(name)) {
        evidence.chain(TABLE, name, chain.getValue());
      }
    }
  }

  private void readPolicy(ObjectKey policy) throws IOException {
    PolicyRules rules = state.rules(new PolicyCounters.Key(policy, direction));
    evidence.chain(TABLE, PolicyNames.chain(direction, policy), rules.rules());
    IpAddress other = peer;
    if (other != null) {
      for (SharedSet set : rules.sets()) {
        readMembership(set, other);
      }
    }
  }

  private void readMembership(SharedSet shared, IpAddress other) throws IOException {
    switch (shared) {
      case SharedSet.Pods(var selector) ->
          look(
              SharedSet.Pods.set(selector, other.family()),
              SharedSet.element(other),
              enforcement.members(selector).contains(other));
      case SharedSet.Blocks blocks -> {
        if (blocks.family() == other.family()) {
          readMembership(blocks, Bytes.of(other));
        }
      }
      case SharedSet.NamedPort(var name) -> {
        IpAddress server =
            switch (direction) {
              case INGRESS -> pod;
              case EGRESS -> other;
            };
        for (PodPort port : enforcement.members(name)) {
          if (port.address().equals(server)) {
            evidence.element(
                SharedSet.NamedPort.set(name, server.family()), SharedSet.element(port));
          }
        }
      }
      case SharedSet.Ports _ -> {}
    }
  }

  private void readMembership(SharedSet.Blocks blocks, Bytes other) throws IOException {
    for (AddressRange range : blocks.ranges()) {
      if (range.first().compareTo(other) <= 0 && range.last().compareTo(other) >= 0) {
        evidence.element(blocks.set(), range.element());
        return;
      }
    }
    evidence.unwanted(blocks.set(), other);
  }
}
