package io.fairlead.nftables.hostport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the table holds and what changes take, over an imitated kernel. */
class NftablesHostPortsTest {

  private static final HostPortSettings SETTINGS = new HostPortSettings("fairlead0", true);
  private static final PortOwner WEB = new PortOwner("net/c2/eth0", "default/web");
  private static final PortOwner DNS = new PortOwner("net/c3/eth0", "kube-system/dns");

  private final FakeNfTables kernel = new FakeNfTables();
  private final List<String> told = new ArrayList<>();
  private final NftablesHostPorts ports = keeper();

  private NftablesHostPorts keeper() {
    return new NftablesHostPorts(
        kernel,
        SETTINGS,
        (removed, added) -> told.add(removed.size() + " removed, " + added.size() + " added"));
  }

  @Test
  @DisplayName("Elements say whose they are; a host port adds nothing else")
  void elements() throws Exception {
    ports.restore(Map.of());
    String empty = kernel.toString();
    ports.add(
        WEB,
        List.of(
            Forwards.of(AddressFamily.IPV4, Protocol.TCP, 8080, 2),
            Forwards.at("192.0.2.1", Protocol.SCTP, 9090, 2)));

    assertThat(kernel.toString())
        .contains("tcp . 8080 comment \"default/web\" : 10.244.1.2 . 80")
        .contains("192.0.2.1 . sctp . 9090 comment \"default/web\" : 10.244.1.2 . 80")
        .contains("10.244.1.2 . 10.244.1.2");
    assertThat(ports.remove(WEB.key())).isTrue();
    assertThat(ports.repair()).isEmpty();
    assertThat(kernel.toString()).isEqualTo(empty);
    assertThat(told).containsExactly("0 removed, 2 added", "2 removed, 0 added");
  }

  @Test
  @DisplayName("A restarted agent finds a right table and changes nothing; else what differs")
  void restore() throws Exception {
    ports.restore(Map.of());
    ports.add(WEB, Forwards.of(Protocol.TCP, 8080, 2));
    ports.add(DNS, Forwards.of(Protocol.UDP, 53, 3));

    NftablesHostPorts next = keeper();
    Map<PortOwner, List<PortForward>> leases = new LinkedHashMap<>();
    leases.put(WEB, Forwards.of(Protocol.TCP, 8080, 2));
    leases.put(DNS, Forwards.of(Protocol.UDP, 53, 3));
    told.clear();
    assertThat(next.restore(leases).operations()).isEmpty();
    assertThat(told).isEmpty();
    assertThat(next.size()).isEqualTo(2);

    leases.remove(DNS);
    assertThat(keeper().restore(leases).operations())
        .hasSize(6)
        .allMatch(operation -> operation.startsWith("delete element "));
    assertThat(told).containsExactly("2 removed, 0 added");
  }

  @Test
  @DisplayName("Of two leases with one port the first keeps it, and the other is told about")
  void restoreConflict() throws Exception {
    Map<PortOwner, List<PortForward>> leases = new LinkedHashMap<>();
    leases.put(WEB, Forwards.of(Protocol.TCP, 8080, 2));
    leases.put(DNS, Forwards.of(Protocol.TCP, 8080, 3));

    assertThat(ports.restore(leases).conflicts())
        .singleElement()
        .satisfies(conflict -> assertThat(conflict.owner()).isEqualTo(WEB));
    assertThat(kernel.toString()).contains("10.244.1.2 . 80").doesNotContain("10.244.1.3 . 80");
  }

  @Test
  @DisplayName("After a flush the next change or the repair puts everything back (pod-network 39)")
  void flushed() throws Exception {
    ports.restore(Map.of());
    ports.add(WEB, Forwards.of(Protocol.TCP, 8080, 2));
    String before = kernel.toString();

    kernel.commit(NfTransaction.of(new NfOperation.DeleteTable(HostPortSets.TABLE)));
    ports.distrust();
    assertThat(ports.repair()).isNotEmpty();
    assertThat(kernel.toString()).isEqualTo(before);
    assertThat(ports.repair()).isEmpty();

    // Before the event arrives.
    kernel.commit(NfTransaction.of(new NfOperation.DeleteTable(HostPortSets.TABLE)));
    ports.add(DNS, Forwards.of(Protocol.UDP, 53, 3));
    assertThat(kernel.toString()).contains("tcp . 8080").contains("udp . 53");
    kernel.commit(NfTransaction.of(new NfOperation.DeleteTable(HostPortSets.TABLE)));
    ports.remove(DNS.key());
    ports.repair();
    assertThat(kernel.toString()).isEqualTo(before);
  }

  @Test
  @DisplayName("A table of another version is replaced in one transaction (faults 22)")
  void otherVersion() throws Exception {
    kernel.commit(
        new NfTransaction()
            .add(new NfOperation.AddTable(HostPortTable.DEFINITION))
            .add(
                new NfOperation.AddSet(
                    HostPortSets.of(AddressFamily.IPV4).ports().withIntervals())));

    ports.restore(Map.of(WEB, Forwards.of(Protocol.TCP, 8080, 2)));

    FakeNfTables fresh = new FakeNfTables();
    new NftablesHostPorts(fresh, SETTINGS, (removed, added) -> {})
        .restore(Map.of(WEB, Forwards.of(Protocol.TCP, 8080, 2)));
    assertThat(kernel.toString()).isEqualTo(fresh.toString());
  }

  @Test
  @DisplayName("Names over nft's limit are cut between letters (faults 15)")
  void longNames() throws Exception {
    PortOwner owner = new PortOwner("long", "ö".repeat(100));
    ports.restore(Map.of(owner, Forwards.of(Protocol.TCP, 8080, 2)));
    assertThat(kernel.toString()).contains("\"" + "ö".repeat(63) + "\"");
  }

  @Test
  @DisplayName("What has gone goes from the kernel with what comes next, in one transaction")
  void handedOver() throws Exception {
    ports.restore(Map.of());
    String empty = kernel.toString();
    ports.add(WEB, Forwards.of(Protocol.TCP, 8080, 2));
    ports.remove(WEB.key());
    ports.add(DNS, Forwards.of(Protocol.TCP, 8080, 3));
    assertThat(kernel.toString()).contains("10.244.1.3 . 80").doesNotContain("10.244.1.2");
    // The same ones again, as of a pod that is attached anew.
    ports.remove(DNS.key());
    String before = kernel.toString();
    ports.add(DNS, Forwards.of(Protocol.TCP, 8080, 3));
    assertThat(kernel.toString()).isEqualTo(before);
    ports.remove(DNS.key());
    ports.repair();
    assertThat(kernel.toString()).isEqualTo(empty);
  }

  @Test
  @DisplayName("Whoever lets go waits for nobody, not even while the kernel is being told")
  void removeWhileCommitting() throws Exception {
    List<Boolean> removed = new ArrayList<>();
    NftablesHostPorts[] held = new NftablesHostPorts[1];
    held[0] =
        new NftablesHostPorts(
            kernel,
            SETTINGS,
            (gone, added) -> {
              if (!added.isEmpty() && removed.isEmpty()) { // Within add, which has the lock.
                Thread other =
                    Thread.ofPlatform()
                        .daemon()
                        .start(() -> removed.add(held[0].remove(WEB.key())));
                join(other);
              }
            });
    held[0].restore(Map.of());
    String empty = kernel.toString();
    held[0].restore(Map.of(WEB, Forwards.of(Protocol.TCP, 8080, 2)));
    assertThat(removed).containsExactly(true);
    assertThat(held[0].remove(WEB.key())).isFalse();
    held[0].add(DNS, Forwards.of(Protocol.TCP, 8080, 3)); // It may have the port at once.
    assertThat(kernel.toString()).contains("10.244.1.3 . 80").doesNotContain("10.244.1.2");
    held[0].remove(DNS.key());
    assertThat(held[0].size()).isEqualTo(1); // Until the kernel is told.
    held[0].repair();
    assertThat(held[0].size()).isZero();
    assertThat(kernel.toString()).isEqualTo(empty);
  }

  /** Fails in place of hanging where the thread waits for who calls this. */
  private static void join(Thread thread) {
    try {
      if (!thread.join(Duration.ofSeconds(20))) {
        throw new IllegalStateException("it waits");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void conflictChangesNothing() throws Exception {
    ports.restore(Map.of());
    ports.add(WEB, Forwards.of(Protocol.TCP, 8080, 2));
    String before = kernel.toString();
    assertThatThrownBy(() -> ports.add(DNS, Forwards.of(Protocol.TCP, 8080, 3)))
        .isInstanceOf(PortTakenException.class);
    assertThat(kernel.toString()).isEqualTo(before);
    assertThat(ports.remove(DNS.key())).isFalse();
    assertThat(ports.remove("nobody's")).isFalse();
    ports.repair();
    assertThat(kernel.toString()).isEqualTo(before);
  }

  @Test
  void cleanup() throws Exception {
    assertThat(NftablesHostPorts.cleanup(kernel)).isFalse();
    ports.restore(Map.of());
    assertThat(NftablesHostPorts.cleanup(kernel)).isTrue();
    assertThat(kernel.tables()).isEmpty();
  }
}
