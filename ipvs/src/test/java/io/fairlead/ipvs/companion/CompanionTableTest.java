package io.fairlead.ipvs.companion;

import static io.fairlead.ipvs.companion.Samples.POD;
import static io.fairlead.ipvs.companion.Samples.SETTINGS;
import static io.fairlead.ipvs.companion.Samples.WEB;
import static io.fairlead.ipvs.companion.Samples.absent;
import static io.fairlead.ipvs.companion.Samples.clusterIp;
import static io.fairlead.ipvs.companion.Samples.local;
import static io.fairlead.ipvs.companion.Samples.many;
import static io.fairlead.ipvs.companion.Samples.refused;
import static io.fairlead.ipvs.companion.Samples.restricted;
import static io.fairlead.ipvs.companion.Samples.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What goes to the kernel, and in which order. */
class CompanionTableTest {

  private final FakeNfTables kernel = new FakeNfTables();
  private final CompanionTable table = new CompanionTable(kernel, SETTINGS);

  @BeforeEach
  void makeTable() throws IOException {
    assertThat(table.synchronize(Map.of(), Map.of())).isNotEmpty();
    assertThat(table.commitRemovals()).isEmpty();
  }

  private static CompanionTable restarted(FakeNfTables kernel) {
    return new CompanionTable(kernel, SETTINGS);
  }

  /** What another run would find to do with the same wishes: nothing, if the mirror is right. */
  private void assertRight(Map<VirtualAddress, AddressTreatment> wanted) throws IOException {
    CompanionTable other = restarted(kernel);
    assertThat(other.synchronize(wanted, Map.of())).isEmpty();
    assertThat(other.commitRemovals()).isEmpty();
  }

  @Test
  void aUsualClusterIpIsThreeElements() throws IOException {
    table.treat(WEB, clusterIp());
    assertThat(table.commitAdditions())
        .containsExactly(
            "add element inet fairlead-ipvs virtual-server-ipv4 { 10.96.0.10 . tcp . 80 }",
            "add element inet fairlead-ipvs masquerade-outside-ipv4 { 10.96.0.10 . tcp . 80 }",
            "add element inet fairlead-ipvs virtual-ipv4 { 10.96.0.10 }");
    assertThat(table.commitRemovals()).isEmpty();
    assertRight(Map.of(WEB, clusterIp()));
  }

  @Test
  void whatGoesGoesLast() throws IOException {
    table.treat(WEB, refused());
    assertThat(table.commitAdditions()).hasSize(4);
    table.treat(WEB, clusterIp());
    assertThat(table.commitAdditions())
        .containsExactly(
            "add element inet fairlead-ipvs virtual-server-ipv4 { 10.96.0.10 . tcp . 80 }");
    assertThat(kernel.toString()).contains("elements = { 10.96.0.10 . tcp . 80 }");
    assertThat(table.commitRemovals())
        .containsExactly(
            "delete element inet fairlead-ipvs refused-inside-ipv4 { 10.96.0.10 . tcp . 80 }",
            "delete element inet fairlead-ipvs refused-outside-ipv4 { 10.96.0.10 . tcp . 80 }");
    assertRight(Map.of(WEB, clusterIp()));
    table.treat(WEB, null);
    int transactions = kernel.committed().size();
    assertThat(table.commitAdditions()).isEmpty();
    assertThat(kernel.committed()).as("nothing to do, nothing sent").hasSize(transactions);
    assertThat(table.commitRemovals()).hasSize(3);
    assertRight(Map.of());
  }

  @Test
  void aChangedMarkIsReplacedAtOnce() throws IOException {
    table.treat(WEB, local(InsideMark.of(1)));
    assertThat(table.commitAdditions())
        .contains(
            "add element inet fairlead-ipvs inside-mark-ipv4"
                + " { 10.96.0.10 . tcp . 80 : 0x46000001 }");
    table.treat(WEB, local(InsideMark.of(2)));
    assertThat(table.commitAdditions())
        .containsExactly(
            "delete element inet fairlead-ipvs inside-mark-ipv4 { 10.96.0.10 . tcp . 80 }",
            "add element inet fairlead-ipvs inside-mark-ipv4"
                + " { 10.96.0.10 . tcp . 80 : 0x46000002 }");
    assertThat(table.commitRemovals()).isEmpty();
  }

  @Test
  @DisplayName("Ranges of sources that overlap the old ones take their place (services 30)")
  void changedSourceRanges() throws IOException {
    table.treat(WEB, restricted("10.0.0.0/8", "192.0.2.0/24"));
    table.commitAdditions();
    table.treat(WEB, restricted("10.1.0.0/16", "192.0.2.0/24"));
    assertThat(table.commitAdditions())
        .containsExactly(
            "delete element inet fairlead-ipvs allowed-ipv4 { 10.96.0.10 . tcp . 80 . 10.0.0.0/8 }",
            "add element inet fairlead-ipvs allowed-ipv4"
                + " { 10.96.0.10 . tcp . 80 . 10.1.0.0/16 }");
    assertThat(table.commitRemovals()).isEmpty();
    // As long as the address is restricted, its clients stay allowed.
    AddressTreatment open =
        new AddressTreatment(true, Masquerade.EVERYBODY, 0, null, null, null, true);
    table.treat(WEB, open);
    assertThat(table.commitAdditions()).isEmpty();
    assertThat(table.commitRemovals()).hasSize(3);
    assertRight(Map.of(WEB, open));
  }

  @Test
  void addressesAndHairpinsAreCounted() throws IOException {
    VirtualAddress other = tcp("10.96.0.10", 443);
    table.treat(WEB, clusterIp());
    table.treat(other, clusterIp());
    table.hairpin(POD, 1);
    table.hairpin(POD, 1);
    table.commitAdditions();
    table.treat(WEB, null);
    table.hairpin(POD, -1);
    assertThat(table.commitAdditions()).isEmpty();
    assertThat(table.commitRemovals()).noneMatch(text -> text.contains(" virtual-ipv4")).hasSize(2);
    table.treat(other, null);
    table.hairpin(POD, -1);
    assertThat(table.commitRemovals())
        .contains(
            "delete element inet fairlead-ipvs virtual-ipv4 { 10.96.0.10 }",
            "delete element inet fairlead-ipvs hairpin-ipv4 { 10.244.1.3 . 10.244.1.3 }");
    assertRight(Map.of());
  }

  @Test
  @DisplayName("What comes and goes between two commits leaves no trace (services 11)")
  void comesAndGoes() throws IOException {
    int transactions = kernel.committed().size();
    table.treat(WEB, clusterIp());
    table.treat(WEB, null);
    assertThat(table.commitAdditions()).isEmpty();
    assertThat(table.commitRemovals()).isEmpty();
    table.treat(WEB, clusterIp());
    table.commitAdditions();
    table.treat(WEB, null);
    table.commitAdditions();
    // Back before it was removed.
    table.treat(WEB, clusterIp());
    assertThat(table.commitAdditions()).isEmpty();
    assertThat(table.commitRemovals()).isEmpty();
    assertThat(kernel.committed()).hasSize(transactions + 1);
    assertRight(Map.of(WEB, clusterIp()));
  }

  @Test
  @DisplayName("Over a right table nothing is done; over another the difference (services 41)")
  void restart() throws IOException {
    VirtualAddress gone = tcp("10.96.0.11", 80);
    VirtualAddress six = tcp("fd00:96::a", 80);
    table.treat(WEB, local(InsideMark.of(7)));
    table.treat(gone, clusterIp());
    table.hairpin(POD, 3);
    table.commitAdditions();
    int transactions = kernel.committed().size();
    CompanionTable same = restarted(kernel);
    assertThat(same.read()).isEqualTo(new Found(Set.of(WEB, gone), Map.of(WEB, InsideMark.of(7))));
    assertThat(
            same.synchronize(
                Map.of(WEB, local(InsideMark.of(7)), gone, clusterIp()), Map.of(POD, 1)))
        .isEmpty();
    assertThat(same.commitRemovals()).isEmpty();
    assertThat(kernel.committed()).hasSize(transactions);

    CompanionTable second = restarted(kernel);
    assertThat(second.synchronize(Map.of(WEB, clusterIp(), six, refused()), Map.of()))
        .containsExactly(
            "add element inet fairlead-ipvs masquerade-outside-ipv4 { 10.96.0.10 . tcp . 80 }",
            "add element inet fairlead-ipvs masquerade-outside-ipv6 { fd00:96::a . tcp . 80 }",
            "add element inet fairlead-ipvs refused-inside-ipv6 { fd00:96::a . tcp . 80 }",
            "add element inet fairlead-ipvs refused-outside-ipv6 { fd00:96::a . tcp . 80 }",
            "add element inet fairlead-ipvs virtual-ipv6 { fd00:96::a }");
    assertThat(restarted(kernel).read().served())
        .as("ours until IPVS no longer has it")
        .contains(gone);
    assertThat(second.commitRemovals())
        .containsExactlyInAnyOrder(
            "delete element inet fairlead-ipvs masquerade-node-ipv4 { 10.96.0.10 . tcp . 80 }",
            "delete element inet fairlead-ipvs inside-mark-ipv4 { 10.96.0.10 . tcp . 80 }",
            "delete element inet fairlead-ipvs masquerade-outside-ipv4 { 10.96.0.11 . tcp . 80 }",
            "delete element inet fairlead-ipvs virtual-server-ipv4 { 10.96.0.11 . tcp . 80 }",
            "delete element inet fairlead-ipvs virtual-ipv4 { 10.96.0.11 }",
            "delete element inet fairlead-ipvs hairpin-ipv4 { 10.244.1.3 . 10.244.1.3 }");
    assertThat(second.read()).isEqualTo(new Found(Set.of(WEB), Map.of()));
  }

  @Test
  void thereIsNothingToFindWhereThereIsNoTable() throws IOException {
    assertThat(restarted(new FakeNfTables()).read()).isEqualTo(new Found(Set.of(), Map.of()));
  }

  @Test
  @DisplayName("A refused commit is mended by synchronizing (services 42)")
  void failure() throws IOException {
    table.treat(WEB, clusterIp());
    kernel.failNext(new NetlinkException("add element", Errno.ENOMEM, "", -1, 0));
    assertThatThrownBy(table::commitAdditions).isInstanceOf(NetlinkException.class);
    Map<VirtualAddress, AddressTreatment> wanted = Map.of(WEB, refused());
    table.synchronize(wanted, Map.of());
    table.commitRemovals();
    assertRight(wanted);
    table.treat(WEB, clusterIp());
    assertThat(table.commitAdditions()).hasSize(1);
    assertThat(table.commitRemovals()).hasSize(2);
  }

  @Test
  @DisplayName("What somebody else did to chains and sets is undone in place (services 43)")
  void disturbed() throws IOException {
    Map<VirtualAddress, AddressTreatment> wanted =
        Map.of(WEB, absent(Absence.REFUSE, Absence.DROP));
    table.synchronize(wanted, Map.of());
    String right = kernel.toString();
    TableName name = CompanionTable.table();
    for (NfOperation change :
        List.of(
            new NfOperation.FlushChain(name, "input"),
            new NfOperation.FlushSet(name, "refused-inside-ipv4"),
            new NfOperation.FlushSet(name, "service-cidr-ipv4"),
            new NfOperation.DeleteTable(name))) {
      kernel.disturb(NfTransaction.of(change));
      assertThat(kernel.toString()).isNotEqualTo(right);
      assertThat(table.synchronize(wanted, Map.of())).as(change.toString()).isNotEmpty();
      assertThat(table.commitRemovals()).isEmpty();
      assertThat(kernel.toString()).isEqualTo(right);
    }
  }

  @Test
  void settingsThatChangeTakeRulesAndNetworksWithThem() throws IOException {
    table.settings(Samples.settings(new LocalPods.Interface("fairlead0")));
    assertThat(table.synchronize(Map.of(), Map.of()))
        .anyMatch(text -> text.contains("iifname \"fairlead0\" goto from-pods-ipv4"));
    assertThat(table.commitRemovals())
        .containsExactly(
            "delete element inet fairlead-ipvs detected-pods-ipv4 { 10.244.1.0/24 }",
            "delete element inet fairlead-ipvs detected-pods-ipv6 { fd00:244:1::/64 }");
    table.settings(Samples.settings(new LocalPods.Networks(Samples.cidrs("10.244.0.0/16"))));
    table.synchronize(Map.of(), Map.of());
    table.settings(SETTINGS);
    assertThat(table.synchronize(Map.of(), Map.of()))
        .containsExactly(
            "delete element inet fairlead-ipvs detected-pods-ipv4 { 10.244.0.0/16 }",
            "add element inet fairlead-ipvs detected-pods-ipv4 { 10.244.1.0/24 }",
            "add element inet fairlead-ipvs detected-pods-ipv6 { fd00:244:1::/64 }");
  }

  @Test
  void aNewTableComesInSeveralTransactions() throws IOException {
    FakeNfTables empty = new FakeNfTables();
    CompanionTable fresh = restarted(empty);
    fresh.synchronize(many(5_000), Map.of());
    assertThat(empty.committed()).hasSize(3);
    assertThat(restarted(empty).synchronize(many(5_000), Map.of())).isEmpty();
    assertThat(restarted(empty).read().served()).hasSize(5_000);
  }

  @Test
  @DisplayName("Cleanup removes the table and nobody else's (services 45, 57)")
  void cleanup() throws IOException {
    NfTable foreign = NfTable.of(TableName.inet("foreign"), "");
    kernel.disturb(NfTransaction.of(new NfOperation.AddTable(foreign)));
    assertThat(CompanionTable.cleanup(kernel)).isTrue();
    assertThat(kernel.tables()).containsExactly(foreign);
    assertThat(CompanionTable.cleanup(kernel)).isFalse();
  }
}
