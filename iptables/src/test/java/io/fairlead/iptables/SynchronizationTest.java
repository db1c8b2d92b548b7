package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.iptables.kernel.FakeXtables;
import io.fairlead.iptables.kernel.XtablesChange;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How the kernel is brought to what is wanted, and how little of it is touched. */
class SynchronizationTest {

  private static World filled(int services) {
    World world = new World();
    for (int i = 0; i < services; i++) {
      world.update(web(i, "10.244.1.2", "10.244.1.3"));
    }
    return world;
  }

  private static Sample web(int i, String... endpoints) {
    return Sample.named("web" + i).clusterIp("10.96." + i / 250 + "." + i % 250).here(endpoints);
  }

  @Test
  void nothingIsTouchedBeforeTheFirstCommit() {
    World world = filled(3);
    assertThat(world.backend.isPending()).isTrue();
    assertThat(world.kernel.reads()).isZero();
    assertThat(world.kernel.changes()).isEmpty();
  }

  @Test
  @DisplayName("A changed endpoint changes its chains only, however many Services there are")
  void onlyWhatChanged() throws Exception {
    World world = filled(2_000);
    world.commit();
    assertThat(world.backend.isPending()).isFalse();
    int before = world.kernel.changes().size();
    int reads = world.kernel.reads();
    world.update(web(1_234, "10.244.1.2", "10.244.1.9"));
    assertThat(world.commit()).hasSize(3);
    assertThat(world.kernel.changes()).hasSize(before + 1);
    XtablesChange change = world.kernel.changes().getLast();
    assertThat(change.chains().keySet())
        .satisfiesExactly(
            name -> assertThat(name).startsWith("FAIRLEAD-SEP-"),
            name -> assertThat(name).startsWith("FAIRLEAD-SVC-"));
    assertThat(change.deleted()).singleElement().asString().startsWith("FAIRLEAD-SEP-");
    // Gone, and back again within one round: nothing to do.
    world.update(Sample.named("web7").key, null);
    world.update(web(7, "10.244.1.2", "10.244.1.3"));
    assertThat(world.commit()).isEmpty();
    assertThat(world.kernel.reads()).isEqualTo(reads);
  }

  @Test
  void aServiceThatComesRewritesItsLeavesOnly() throws Exception {
    World world = filled(2_000);
    world.commit();
    int before = world.kernel.changes().size();
    world.update(Sample.named("new").clusterIp("10.96.3.252").here("10.244.1.2"));
    world.commit();
    List<XtablesChange> changes = world.kernel.changes();
    int chains = 0;
    for (XtablesChange change : changes.subList(before, changes.size())) {
      chains += change.chains().size();
      change.chains().values().forEach(rules -> assertThat(rules.size()).isLessThanOrEqualTo(17));
    }
    assertThat(chains).isBetween(4, 6);
  }

  @Test
  @DisplayName("A restart over the right state does nothing (services 41)")
  void restart() throws Exception {
    World world = filled(300);
    world.commit();
    int changes = world.kernel.changes().size();
    World restarted = world.restarted(World.SETTINGS);
    assertThat(restarted.commit()).isEmpty();
    assertThat(restarted.backend.audit()).isEmpty();
    assertThat(world.kernel.changes()).hasSize(changes);
  }

  @Test
  @DisplayName(
      "Over a partly right state only differences are sent; stale chains and rules go, foreign"
          + " ones stay (services 41, 43, 44, 45)")
  void repair() throws Exception {
    World world = filled(300);
    world.kernel.addForeignRule(
        AddressFamily.IPV4, IptablesTable.NAT, "PREROUTING", 0, "-j CNI-HOSTPORT-DNAT");
    world.commit();
    world.kernel.addForeignRule(
        AddressFamily.IPV4, IptablesTable.NAT, "PREROUTING", 0, "-j KUBE-SERVICES");
    String right = world.save();
    Map<String, List<IptablesRule>> chains =
        world.kernel.chains(AddressFamily.IPV4, IptablesTable.NAT);
    String flushed =
        chains.keySet().stream().filter(name -> name.contains("-SVC-")).findFirst().orElseThrow();
    XtablesChange disturbance =
        XtablesChange.ofChains(
            Map.of(
                flushed,
                List.of(),
                "FAIRLEAD-STALE",
                List.of(IptablesRule.of(new Target.Jump("FAIRLEAD-STALER"))),
                "FAIRLEAD-STALER",
                List.of()));
    assertThat(world.kernel.commit(AddressFamily.IPV4, IptablesTable.NAT, disturbance))
        .isCompleted();
    world.backend.distrust();
    assertThat(world.commit())
        .containsExactlyInAnyOrder(
            "table nat (IPv4): chain " + flushed + " with 3 rules",
            "table nat (IPv4): chain FAIRLEAD-STALE removed",
            "table nat (IPv4): chain FAIRLEAD-STALER removed");
    assertThat(world.save()).isEqualTo(right);
    world.kernel.removeJumps(AddressFamily.IPV4, IptablesTable.FILTER);
    assertThat(world.backend.audit())
        .hasSize(3)
        .allSatisfy(text -> assertThat(text).contains("table filter (IPv4): -I"));
    assertThat(world.save()).isEqualTo(right);
  }

  @Test
  @DisplayName("A refused commit is followed by one that converges (services 42)")
  void refusal() throws Exception {
    World world = filled(30);
    world.commit();
    world.update(web(1, "10.244.1.7"));
    world.kernel.refuseNext("no memory");
    assertThatThrownBy(world::commit)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no memory");
    assertThat(world.backend.isPending()).isTrue();
    world.commit();
    World fresh = world.fresh(World.SETTINGS);
    fresh.commit();
    assertThat(world.save()).isEqualTo(fresh.save());
  }

  @Test
  @DisplayName("A refusal that comes late is told, and the next commits converge (services 42)")
  void lateRefusal() throws Exception {
    World world = filled(30);
    world.commit();
    world.kernel.answerLate();
    world.update(web(1, "10.244.1.7"));
    assertThat(world.commit()).isNotEmpty();
    assertThat(world.nat()).doesNotContain("10.244.1.7");
    assertThat(world.backend.isPending()).isFalse();
    world.kernel.refuseNext("the lock is gone");
    world.kernel.finishWaiting();
    assertThat(world.refusals).hasValue(1);
    assertThat(world.backend.isPending()).isTrue();
    assertThatThrownBy(world::commit).hasMessageContaining("the lock is gone");
    // Tried again, which is no success yet: whoever asks is not told that all is well.
    assertThatThrownBy(world::commit).hasMessageContaining("the lock is gone");
    world.kernel.finishWaiting();
    assertThat(world.commit()).isEmpty();
    assertThat(world.nat()).contains("10.244.1.7");
    assertThat(world.restarted(World.SETTINGS).commit()).isEmpty();
  }

  @Test
  @DisplayName("The kernel holds a commit when all results before it are there (services 42)")
  void whenInKernel() throws Exception {
    World world = filled(30);
    world.commit();
    List<String> held = new ArrayList<>();
    world.backend.whenInKernel(() -> held.add("at once"));
    assertThat(held).containsExactly("at once");
    world.kernel.answerLate();
    world.update(web(1, "10.244.1.7"));
    world.commit();
    world.backend.whenInKernel(() -> held.add("first"));
    world.update(web(1, "10.244.1.8"));
    world.commit();
    world.backend.whenInKernel(() -> held.add("second"));
    assertThat(held).containsExactly("at once");
    world.kernel.finishWaiting();
    assertThat(held).containsExactlyInAnyOrder("at once", "first", "second");
  }

  @Test
  @DisplayName("A refused commit, and one after it, are in no kernel; its repair is (services 42)")
  void neverInKernel() throws Exception {
    World world = filled(30);
    world.commit();
    List<String> held = new ArrayList<>();
    world.kernel.answerLate();
    world.update(web(1, "10.244.1.7"));
    world.commit();
    world.backend.whenInKernel(() -> held.add("refused"));
    world.update(web(2, "10.244.1.8"));
    world.commit();
    world.backend.whenInKernel(() -> held.add("after it"));
    world.kernel.refuseNext("the lock is gone");
    world.kernel.finishWaiting();
    world.backend.whenInKernel(() -> held.add("too late"));
    assertThatThrownBy(world::commit).hasMessageContaining("the lock is gone");
    assertThatThrownBy(world::commit).hasMessageContaining("the lock is gone");
    world.backend.whenInKernel(() -> held.add("repair"));
    assertThat(held).isEmpty();
    world.kernel.finishWaiting();
    assertThat(held).containsExactly("repair");
  }

  @Test
  void theFirstChangesServeTheApiServerAndNames() throws Exception {
    World world = filled(3_000);
    world.update(Sample.named("kubernetes").clusterIp("10.96.200.1").elsewhere("192.0.2.9"));
    world.update(
        Sample.named("kube-system", "dns")
            .clusterIp("10.96.200.10")
            .port(Protocol.UDP, 53)
            .here("10.244.1.2"));
    world.commit();
    List<XtablesChange> changes = world.kernel.changes();
    assertThat(changes.getFirst().ensured()).hasSize(3);
    assertThat(String.valueOf(changes.getFirst().chains().get(ChainNames.SERVICES)))
        .contains("default/kubernetes", "kube-system/dns");
    assertThat(changes.getFirst().chains()).hasSizeLessThan(12);
    assertThat(changes.size()).isGreaterThan(4);
    assertThat(changes)
        .allSatisfy(change ->
            assertThat(change.chains().values().stream().mapToInt(List::size).sum())
                .isLessThan(TableWriter.CHUNK + 100));
  }

  @Test
  @DisplayName("A changed pod CIDR is followed; another mode leaves nothing (services 57)")
  void settingsAndRemoval() throws Exception {
    World world = filled(20);
    world.kernel.addForeignRule(
        AddressFamily.IPV4, IptablesTable.NAT, "PREROUTING", 0, "-j KUBE-SERVICES");
    world.commit();
    ServiceSettings moved = ServiceSettings.ofPods(List.of(Cidr.parse("10.244.7.0/24")));
    world.backend.settings(moved);
    assertThat(world.commit()).isNotEmpty();
    assertThat(world.save()).contains("! -s 10.244.7.0/24").doesNotContain("! -s 10.244.1.0/24");
    world.backend.remove();
    assertThat(world.save()).doesNotContain("FAIRLEAD").contains("KUBE-SERVICES");
    world.commit();
    World fresh = world.fresh(moved);
    fresh.commit();
    assertThat(world.kernel.chains(AddressFamily.IPV4, IptablesTable.NAT))
        .isEqualTo(fresh.kernel.chains(AddressFamily.IPV4, IptablesTable.NAT));
  }

  @Test
  @DisplayName("Names at their longest stay unique and fit (services 47)")
  void longNames() throws Exception {
    World world = new World();
    String name = "n".repeat(62);
    for (int i = 0; i < 10; i++) {
      world.update(
          Sample.named("s".repeat(63), name + i)
              .portName("p".repeat(63))
              .clusterIp("10.96.0." + i, "fd00:96:1234:5678:9abc:def0:1234:" + i)
              .balancerIp("198.51.100." + i)
              .ranges("10.0.0.0/8")
              .here("10.244.1." + i));
    }
    world.update(
        Sample.named("odd\n\"name\\ \ud800" + "\u00e9".repeat(200))
            .clusterIp("10.96.1.1")
            .here("10.244.1.1"));
    world.commit();
    Set<String> names =
        new TreeSet<>(world.kernel.chains(AddressFamily.IPV4, IptablesTable.NAT).keySet());
    assertThat(names).allSatisfy(chain -> assertThat(chain.length()).isLessThanOrEqualTo(28));
    assertThat(names.stream().filter(chain -> chain.contains("-SVC-"))).hasSize(11);
    assertThat(names.stream().filter(chain -> chain.contains("-FW-"))).hasSize(10);
  }

  @Test
  void theFakeKernelRefusesWhatAKernelRefuses() {
    FakeXtables kernel = new FakeXtables();
    XtablesChange dangling =
        XtablesChange.ofChains(
            Map.of("FAIRLEAD-A", List.of(IptablesRule.of(new Target.Jump("FAIRLEAD-B")))));
    assertThat(kernel.commit(AddressFamily.IPV4, IptablesTable.NAT, dangling))
        .isCompletedExceptionally();
  }
}
