package io.fairlead.ipvs.companion;

import static io.fairlead.ipvs.companion.CompanionLab.Answer.CONNECTED;
import static io.fairlead.ipvs.companion.CompanionLab.Answer.REFUSED;
import static io.fairlead.ipvs.companion.CompanionLab.Answer.SILENCE;
import static io.fairlead.ipvs.companion.CompanionLab.PORT;
import static io.fairlead.ipvs.companion.Samples.POD;
import static io.fairlead.ipvs.companion.Samples.SETTINGS;
import static io.fairlead.ipvs.companion.Samples.absent;
import static io.fairlead.ipvs.companion.Samples.clusterIp;
import static io.fairlead.ipvs.companion.Samples.local;
import static io.fairlead.ipvs.companion.Samples.refused;
import static io.fairlead.ipvs.companion.Samples.restricted;
import static io.fairlead.ipvs.companion.Samples.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Packets that meet the table alone, without IPVS behind it. */
class CompanionTableKernelTest {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private CompanionLab lab;
  private NfTablesSocket kernel;
  private CompanionTable table;

  @BeforeEach
  void open() throws Exception {
    lab = CompanionLab.create();
    kernel = lab.node.call(NfTablesSocket::open);
    table = new CompanionTable(kernel, SETTINGS);
    table.synchronize(Map.of(), Map.of());
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    lab.close();
    descriptors.assertNoneAdded();
  }

  private void treat(VirtualAddress address, AddressTreatment treatment) throws Exception {
    table.treat(address, treatment);
    table.commitAdditions();
    table.commitRemovals();
  }

  private static VirtualAddress udp(String address, int port) {
    return new VirtualAddress(IpAddress.parse(address), Protocol.UDP, port);
  }

  private long count(String counter) throws Exception {
    return kernel.counters(CompanionTable.table()).stream()
        .filter(candidate -> candidate.name().equals(counter))
        .mapToLong(found -> found.packets())
        .sum();
  }

  @Test
  @DisplayName("Host ports are not reached through a virtual address: it refuses (services 55)")
  void unusedPorts() throws Exception {
    treat(tcp("10.96.0.10", 80), clusterIp());
    treat(tcp("fd00:96::a", 80), clusterIp());
    for (TestNamespace from : List.of(lab.pod, lab.outside, lab.node)) {
      assertThat(CompanionLab.tcp(from, "10.96.0.10", PORT)).isEqualTo(REFUSED);
      assertThat(CompanionLab.tcp(from, "fd00:96::a", PORT)).isEqualTo(REFUSED);
      assertThat(CompanionLab.udp(from, "10.96.0.10", PORT)).isEqualTo(REFUSED);
      assertThat(CompanionLab.udp(from, "fd00:96::a", PORT)).isEqualTo(REFUSED);
      String own = from == lab.pod ? "10.244.1.1" : "192.0.2.1";
      assertThat(CompanionLab.tcp(from, own, PORT)).isEqualTo(CONNECTED);
      assertThat(CompanionLab.udp(from, own, PORT)).isEqualTo(CONNECTED);
    }
    assertThat(count("refused")).isGreaterThanOrEqualTo(12);
  }

  @Test
  @DisplayName("The node's own address within the service CIDR is not dropped (services 54)")
  void ownAddressInServiceCidr() throws Exception {
    for (String own : List.of("10.96.77.1", "fd00:96::77")) {
      lab.node.run("ip", "addr", "add", own, "dev", "uplink", "nodad");
      assertThat(CompanionLab.tcp(lab.outside, own, PORT)).isEqualTo(SILENCE);
      assertThat(table.own(List.of(IpAddress.parse(own)))).isTrue();
      table.synchronize(Map.of(), Map.of());
      table.commitRemovals();
      assertThat(CompanionLab.tcp(lab.outside, own, PORT)).isEqualTo(CONNECTED);
      assertThat(CompanionLab.tcp(lab.outside, "10.96.77.2", PORT)).isEqualTo(SILENCE);
      assertThat(CompanionLab.tcp(lab.outside, "fd00:96::78", PORT)).isEqualTo(SILENCE);
    }
  }

  @Test
  @DisplayName("Virtual addresses answer pings; unallocated ones are silent (services 23)")
  void pingsAndUnallocatedAddresses() throws Exception {
    treat(tcp("10.96.0.10", 80), clusterIp());
    for (TestNamespace from : List.of(lab.pod, lab.outside, lab.node)) {
      from.run("ping", "-c1", "-W2", "10.96.0.10");
      assertThat(from.tryRun("ping", "-c1", "-W1", "10.96.0.99").exit()).isNotZero();
      assertThat(CompanionLab.tcp(from, "10.96.0.99", PORT)).isEqualTo(SILENCE);
      assertThat(CompanionLab.tcp(from, "fd00:96::99", PORT)).isEqualTo(SILENCE);
    }
    assertThat(count("unallocated")).isGreaterThanOrEqualTo(9);
  }

  @Test
  @DisplayName(
      "Without endpoints: refused or silent, apart for inside and outside (services 23, 24)")
  void absence() throws Exception {
    // Addresses of the node, as node ports are: what is not refused reaches the host's programs.
    treat(nodePort("192.0.2.1"), notVirtual(Absence.REFUSE, Absence.REFUSE));
    treat(udp("192.0.2.1", PORT), notVirtual(Absence.REFUSE, Absence.REFUSE));
    for (TestNamespace from : List.of(lab.pod, lab.outside, lab.node)) {
      assertThat(CompanionLab.tcp(from, "192.0.2.1", PORT)).isEqualTo(REFUSED);
      assertThat(CompanionLab.udp(from, "192.0.2.1", PORT)).isEqualTo(REFUSED);
    }
    assertThat(RefusalCounters.read(kernel))
        .containsEntry(nodePort("192.0.2.1"), new RefusalCounters.Counts(3, 0));
    treat(nodePort("192.0.2.1"), notVirtual(null, Absence.DROP));
    treat(nodePort("2001:db8::1"), notVirtual(null, Absence.DROP));
    for (String address : List.of("192.0.2.1", "2001:db8::1")) {
      assertThat(CompanionLab.tcp(lab.outside, address, PORT)).isEqualTo(SILENCE);
      assertThat(CompanionLab.tcp(lab.pod, address, PORT)).isEqualTo(CONNECTED);
      assertThat(CompanionLab.tcp(lab.node, address, PORT)).isEqualTo(CONNECTED);
    }
    assertThat(RefusalCounters.read(kernel).get(nodePort("2001:db8::1")))
        .satisfies(counts -> {
          assertThat(counts.refused()).isZero();
          assertThat(counts.dropped()).isPositive();
        });
    treat(nodePort("192.0.2.1"), notVirtual(Absence.DROP, null));
    assertThat(CompanionLab.tcp(lab.outside, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    assertThat(CompanionLab.tcp(lab.pod, "192.0.2.1", PORT)).isEqualTo(SILENCE);
    assertThat(CompanionLab.tcp(lab.node, "192.0.2.1", PORT)).isEqualTo(SILENCE);
    assertThat(CompanionLab.udp(lab.pod, "192.0.2.1", PORT)).as("UDP is apart").isEqualTo(REFUSED);
  }

  private static VirtualAddress nodePort(String address) {
    return tcp(address, PORT);
  }

  private static AddressTreatment notVirtual(@Nullable Absence inside, @Nullable Absence outside) {
    return new AddressTreatment(false, Masquerade.NODE, 0, inside, outside, null, true);
  }

  @Test
  @DisplayName("Source ranges hold for pods and the node, too (services 30)")
  void sourceRanges() throws Exception {
    VirtualAddress address = nodePort("192.0.2.1");
    treat(address, notVirtual(restricted("192.0.2.2/32")));
    assertThat(CompanionLab.tcp(lab.outside, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    assertThat(CompanionLab.tcp(lab.pod, "192.0.2.1", PORT)).isEqualTo(SILENCE);
    assertThat(CompanionLab.tcp(lab.node, "192.0.2.1", PORT)).isEqualTo(SILENCE);
    treat(address, notVirtual(restricted("192.0.2.1/32", "10.244.0.0/16")));
    assertThat(CompanionLab.tcp(lab.outside, "192.0.2.1", PORT)).isEqualTo(SILENCE);
    assertThat(CompanionLab.tcp(lab.pod, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    assertThat(CompanionLab.tcp(lab.node, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    treat(address, notVirtual(restricted()));
    assertThat(CompanionLab.tcp(lab.outside, "192.0.2.1", PORT)).isEqualTo(SILENCE);
    assertThat(CompanionLab.udp(lab.outside, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
  }

  private static AddressTreatment notVirtual(AddressTreatment other) {
    return new AddressTreatment(
        false,
        other.masquerade(),
        other.insideMark(),
        other.inside(),
        other.outside(),
        other.allowedSources(),
        other.served());
  }

  @Test
  @DisplayName("Marks are set before IPVS and cleared behind it (services 34)")
  void marks() throws Exception {
    // Where IPVS would look, and behind all of the table. TCP alone: the kernel's own MLD reports
    // leave with a mark of theirs.
    lab.node.run(
        "nft",
        """
        table inet probe {
          chain in {
            type filter hook input priority 95
            tcp dport 8080 meta mark 0x4000 counter
            meta mark 0x46000005 counter
          }
          chain out {
            type filter hook output priority -105
            tcp dport 8080 meta mark 0x4000 counter
            meta mark 0x46000005 counter
          }
          chain behind {
            type filter hook input priority 120
            meta l4proto tcp meta mark != 0 counter
          }
          chain left {
            type filter hook postrouting priority 200
            meta l4proto tcp meta mark != 0 counter
          }
        }
        """);
    treat(nodePort("192.0.2.1"), notVirtual(local(InsideMark.of(5))));
    assertThat(CompanionLab.tcp(lab.outside, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    assertThat(probe("in")).containsExactly(0L, 0L);
    assertThat(CompanionLab.tcp(lab.pod, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    assertThat(probe("in")).containsExactly(0L, 1L);
    assertThat(CompanionLab.tcp(lab.node, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    assertThat(probe("out")).containsExactly(0L, 1L);
    treat(nodePort("192.0.2.1"), notVirtual(clusterIp()));
    assertThat(CompanionLab.tcp(lab.outside, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    assertThat(probe("in")).containsExactly(1L, 1L);
    assertThat(CompanionLab.tcp(lab.pod, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    assertThat(probe("in")).containsExactly(1L, 1L);
    assertThat(CompanionLab.tcp(lab.node, "192.0.2.1", PORT)).isEqualTo(CONNECTED);
    assertThat(probe("out")).containsExactly(1L, 1L);
    assertThat(probe("behind")).containsExactly(0L);
    assertThat(probe("left")).containsExactly(0L);
  }

  /** What the rules of a chain of the probe have counted. */
  private List<Long> probe(String chain) {
    return lab.node
        .run("nft", "list", "chain", "inet", "probe", chain)
        .lines()
        .filter(line -> line.contains("counter packets"))
        .map(line -> Long.valueOf(line.replaceAll(".*counter packets ([0-9]+).*", "$1")))
        .toList();
  }

  @Test
  @DisplayName("A restart over a right table changes nothing (services 41)")
  void restart() throws Exception {
    Map<VirtualAddress, AddressTreatment> wanted = new HashMap<>();
    wanted.put(tcp("10.96.0.10", 80), clusterIp());
    wanted.put(tcp("fd00:96::a", 80), local(InsideMark.of(77)));
    wanted.put(udp("10.96.0.11", 53), refused());
    wanted.put(tcp("10.96.0.12", 80), absent(null, Absence.DROP));
    wanted.put(tcp("203.0.113.5", 80), restricted("10.0.0.0/8", "192.0.2.0/24"));
    wanted.put(tcp("2001:db8:5::5", 80), restricted("2001:db8::/64"));
    table.synchronize(wanted, Map.of(POD, 2));
    table.commitRemovals();
    long generation = kernel.generation();
    CompanionTable other = new CompanionTable(kernel, SETTINGS);
    Found found = other.read();
    assertThat(found.insideMarks()).containsExactly(Map.entry(tcp("fd00:96::a", 80), 0x4600004d));
    assertThat(found.served()).hasSize(5).doesNotContain(udp("10.96.0.11", 53));
    assertThat(other.synchronize(wanted, Map.of(POD, 1))).isEmpty();
    assertThat(other.commitRemovals()).isEmpty();
    assertThat(kernel.generation()).isEqualTo(generation);
    // Other ranges that overlap, and elements of every kind that go.
    wanted.put(tcp("203.0.113.5", 80), restricted("10.0.0.0/9", "192.0.0.0/16"));
    other.treat(tcp("203.0.113.5", 80), wanted.get(tcp("203.0.113.5", 80)));
    assertThat(other.commitAdditions()).hasSize(2);
    assertThat(other.commitRemovals()).isEmpty();
    assertThat(other.synchronize(wanted, Map.of(POD, 1))).isEmpty();
    for (VirtualAddress address : wanted.keySet()) {
      other.treat(address, null);
    }
    assertThat(other.commitAdditions()).isEmpty();
    assertThat(other.commitRemovals()).isNotEmpty();
    assertThat(other.synchronize(Map.of(), Map.of(POD, 1))).isEmpty();
    assertThat(CompanionTable.cleanup(kernel)).isTrue();
    assertThat(lab.node.run("nft", "list", "ruleset")).isEmpty();
  }
}
