package io.fairlead.agent.subsystem.policy;

import static io.fairlead.agent.subsystem.policy.PolicyNode.lease;
import static io.fairlead.agent.subsystem.policy.PolicyNode.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.server.PoliciesReport;
import io.fairlead.agent.server.Selection;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** From records to commits, and who hears of them. */
class PolicySubsystemTest {

  private static final IpAddress ADDRESS = IpAddress.parse("10.244.1.2");
  private static final ObjectKey DENY = new ObjectKey("default", "deny");

  private final PolicyNode node = new PolicyNode(false, PolicyNode.LONG);

  private static NetworkPolicyRecord denyAll(List<String> problems) {
    return new NetworkPolicyRecord(DENY, LabelSelector.EVERYTHING, List.of(), null, problems);
  }

  @Test
  @DisplayName("the first commit knows who is attached already: nobody is shut in (policy 8)")
  void presentAtTheStart() {
    node.present = List.of(lease("web", "10.244.1.2", ""));
    node.put(record("web", "uid-1"));
    node.round();
    assertThat(node.log).containsExactly("commit");
    assertThat(node.backend.kernel).containsExactly(ADDRESS);
  }

  @Test
  @DisplayName("there is no commit before it is known who is attached (faults 9)")
  void unknownAttachments() {
    node.presentUnknown = new IOException("no netlink");
    node.put(record("web", "uid-1"));
    node.round();
    assertThat(node.log)
        .containsExactly("failed: The pods that are attached cannot be told: no netlink");
    node.presentUnknown = null;
    node.present = List.of(lease("web", "10.244.1.2", ""));
    node.round();
    assertThat(node.backend.kernel).containsExactly(ADDRESS);
  }

  @Test
  @DisplayName("the networks whose pods are shut in are those of the Node")
  void podNetworks() {
    node.round();
    assertThat(node.backend.settings).extracting(PolicySettings::podNetworks).isEqualTo(List.of());
    List<Cidr> networks = List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:1::/64"));
    node.cluster.nodes.put("node-1", new NodeRecord("node-1", List.of(), networks, null));
    node.mark(new DirtyKeys(false, Set.of(), Set.of("node-1")));
    node.round();
    assertThat(node.backend.settings).extracting(PolicySettings::podNetworks).isEqualTo(networks);
  }

  @Test
  @DisplayName("a Node that goes, or comes anew without a network, does not open what is shut in")
  void nodeGone() {
    List<Cidr> networks = List.of(Cidr.parse("10.244.1.0/24"));
    node.cluster.nodes.put("node-1", new NodeRecord("node-1", List.of(), networks, null));
    node.round();
    node.cluster.nodes.clear();
    node.mark(new DirtyKeys(false, Set.of(), Set.of("node-1")));
    node.round();
    assertThat(node.backend.settings).extracting(PolicySettings::podNetworks).isEqualTo(networks);
    node.cluster.nodes.put("node-1", new NodeRecord("node-1", List.of(), List.of(), null));
    node.mark(new DirtyKeys(false, Set.of(), Set.of("node-1")));
    node.round();
    assertThat(node.backend.settings).extracting(PolicySettings::podNetworks).isEqualTo(networks);
  }

  @Test
  @DisplayName("pods that only the API server knows of keep their connections (policy 8)")
  void heldByRecords() {
    List<Cidr> networks = List.of(Cidr.parse("10.244.1.0/24"));
    node.cluster.nodes.put("node-1", new NodeRecord("node-1", List.of(), networks, null));
    node.present = List.of(lease("web", "10.244.1.3", ""));
    node.put(record("other", "uid-1", List.of(ADDRESS)));
    node.round();
    assertThat(node.held).containsExactlyInAnyOrder(ADDRESS, IpAddress.parse("10.244.1.3"));
  }

  @Test
  @DisplayName("followers hear of a change when the kernel has it, and of all at the start")
  void followers() {
    node.present = List.of(lease("web", "10.244.1.2", ""));
    node.put(record("web", "uid-1"));
    node.round();
    assertThat(node.enforced.getLast().narrowed()).containsExactly(ADDRESS);
    node.enforced.clear();
    node.backend.refusal = "busy";
    node.put(denyAll(List.of()));
    node.round();
    assertThat(node.enforced).isEmpty();
    node.backend.refusal = null;
    node.round();
    assertThat(node.enforced).hasSize(1);
    assertThat(node.enforced.getFirst().policies()).containsExactly(DENY);
    assertThat(node.enforced.getFirst().narrowed()).containsExactly(ADDRESS);
  }

  @Test
  @DisplayName("after somebody else's change, connections of all pods are judged again (faults 18)")
  void disturbed() {
    node.present = List.of(lease("web", "10.244.1.2", ""));
    node.put(record("web", "uid-1"));
    node.round();
    node.enforced.clear();
    node.backend.distrust();
    node.subsystem.disturbed("nft flushed");
    node.mark(new DirtyKeys(false, Set.of(), Set.of("node-1")));
    node.round();
    assertThat(node.enforced)
        .extracting(EnforcementChange::narrowed)
        .containsExactly(Set.of(ADDRESS));
  }

  @Test
  @DisplayName("an audit that repaired something has connections judged again, another does not")
  void audit() throws Exception {
    node.present = List.of(lease("web", "10.244.1.2", ""));
    node.put(record("web", "uid-1"));
    node.round();
    node.enforced.clear();
    node.subsystem.audit(node.cluster);
    assertThat(node.enforced).isEmpty();
    node.backend.drifted = true;
    node.subsystem.audit(node.cluster);
    assertThat(node.enforced)
        .extracting(EnforcementChange::narrowed)
        .containsExactly(Set.of(ADDRESS));
  }

  @Test
  @DisplayName("what is gone when everything is dirty is taken out (faults 6)")
  void everything() {
    node.put(record("web", "uid-1"));
    node.put(denyAll(List.of()));
    node.round();
    assertThat(node.enforcement.policies("default")).hasSize(1);
    node.cluster.policies.clear();
    node.cluster.pods.clear();
    node.mark(DirtyKeys.EVERYTHING);
    node.round();
    assertThat(node.enforcement.policies("default")).isEmpty();
    node.present = List.of();
    node.desk.attach(Admission.attachment(lease("web", "10.244.1.2", "uid-1")));
    assertThat(node.enforcement.isAdmitted(PolicyNode.key("web").toString())).isFalse();
  }

  @Test
  @DisplayName("status tells what is enforced, and what is wrong with which policy (policy 11)")
  void status() {
    node.present = List.of(lease("web", "10.244.1.2", ""), lease("lost", "10.244.1.3", ""));
    node.put(record("web", "uid-1"));
    node.put(denyAll(List.of("spec.ingress[0].ports[0].port is odd")));
    node.backend.problems.put(DENY, "the kernel refuses it");
    node.round();
    node.round();
    assertThat(node.subsystem.status())
        .containsEntry("policies", "1 select pods of this node")
        .containsEntry("pods", "1 addresses let in, 1 of them isolated by policies")
        .containsEntry("waiting", "default/lost")
        .containsEntry(
            "problem", "default/deny: spec.ingress[0].ports[0].port is odd; the kernel refuses it");
    node.put(record("other", "uid-2"));
    node.round();
    assertThat(node.reports).containsExactly("default/deny: the kernel refuses it");
  }

  @Test
  @DisplayName("the report has every policy, with the pods of this node that it selects")
  void report() {
    node.present = List.of(lease("web", "10.244.1.2", ""));
    node.put(record("web", "uid-1"));
    node.put(denyAll(List.of("spec.ingress[0].ports[0].port is odd")));
    node.backend.problems.put(DENY, "the kernel refuses it");
    node.round();
    PolicyViews views =
        new PolicyViews(
            "node-1",
            new ReconcileLoop(0, System::nanoTime, new SplittableRandom(), (_, _, _) -> {}),
            node.enforcement,
            () -> node.backend.problems);
    PoliciesReport.Policy policy = views.report(node.cluster, Selection.ALL).policies().getFirst();
    assertThat(policy.namespace() + "/" + policy.name()).isEqualTo("default/deny");
    assertThat(policy.pods()).containsExactly("web");
    assertThat(policy.problems())
        .containsExactly("spec.ingress[0].ports[0].port is odd", "the kernel refuses it");
    assertThat(views.report(node.cluster, new Selection("other", List.of())).policies()).isEmpty();
  }
}
