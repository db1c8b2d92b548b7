package io.fairlead.dataplane.netlink.conntrack;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_NETFILTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Ipv6Address;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConntrackSocketKernelTest {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private ConntrackLab lab;
  private TestNamespace server;
  private ConntrackSocket conntrack;

  @BeforeEach
  void open() throws Exception {
    lab = ConntrackLab.create();
    server = lab.server();
    conntrack = server.call(ConntrackSocket::open);
  }

  @AfterEach
  void close() throws Exception {
    conntrack.close();
    lab.close();
    descriptors.assertNoneAdded();
  }

  private List<ConntrackEntry> dump(ConntrackFilter filter) throws IOException {
    List<ConntrackEntry> entries = new ArrayList<>();
    conntrack.dump(filter, entries::add);
    return entries;
  }

  @Test
  void realFlowsAreAsTheConntrackProgramPrintsThem() throws Exception {
    lab.makeFlows();
    for (AddressFamily family : AddressFamily.values()) {
      List<String> ours =
          dump(ConntrackFilter.ALL.withFamily(family)).stream()
              .map(ConntrackText::of)
              .sorted()
              .toList();
      List<String> theirs =
          server
              .run(
                  "conntrack",
                  "-L",
                  "-f",
                  family == AddressFamily.IPV4 ? "ipv4" : "ipv6",
                  "-o",
                  "id,extended")
              .lines()
              .map(ConntrackText::parse)
              .sorted()
              .toList();
      // Two untranslated UDP flows, one translated, one zoned, a TCP connection and a ping.
      assertThat(theirs).as("flows the lab made").hasSizeGreaterThanOrEqualTo(6);
      assertThat(ours).isEqualTo(theirs);
    }
    assertThat(dump(ConntrackFilter.ALL)).hasSize((int) conntrack.count());
  }

  @Test
  void statusMarkZoneAndKeysSayWhatHappened() throws Exception {
    lab.makeFlows();
    ConntrackEntry translated =
        only(ConntrackFilter.ALL.withProtocol(17).withOriginal(lab.toService(AddressFamily.IPV4)));
    assertThat(translated.has(ConntrackStatus.DST_NAT)).isTrue();
    assertThat(translated.has(ConntrackStatus.SRC_NAT)).isFalse();
    assertThat(translated.has(ConntrackStatus.CONFIRMED)).isTrue();
    assertThat(translated.has(ConntrackStatus.SEEN_REPLY)).isTrue();
    assertThat(translated.mark()).isEqualTo(0x2a);
    assertThat(translated.timeout()).isBetween(1, 300);
    assertThat(translated.reply().source()).isEqualTo(lab.serverAddress(AddressFamily.IPV4));

    ConntrackEntry tcp = only(ConntrackFilter.ALL.withFamily(AddressFamily.IPV6).withProtocol(6));
    assertThat(tcp.has(ConntrackStatus.ASSURED)).isTrue();

    ConntrackEntry ping =
        only(
            ConntrackFilter.ALL.withProtocol(ConntrackTuple.ICMPV6).withFamily(AddressFamily.IPV6));
    assertThat(ping.original().key())
        .isInstanceOfSatisfying(
            TransportKey.Icmp.class, icmp -> assertThat(icmp.type()).isEqualTo(128));

    assertThat(dump(ConntrackFilter.ALL.withFamily(AddressFamily.IPV4)))
        .extracting(ConntrackEntry::zone)
        .contains(
            new ConntrackZone(5, ConntrackZone.Direction.BOTH),
            new ConntrackZone(6, ConntrackZone.Direction.ORIGINAL));
  }

  private ConntrackEntry only(ConntrackFilter filter) throws IOException {
    List<ConntrackEntry> entries = dump(filter);
    assertThat(entries).hasSize(1);
    return entries.getFirst();
  }

  @Test
  void theKernelItselfFilters() throws Exception {
    lab.makeFlows();
    for (ConntrackFilter filter : lab.filters()) {
      List<ConntrackEntry> expected =
          dump(ConntrackFilter.ALL).stream().filter(filter::matches).toList();
      assertThat(expected).as("entries for %s", filter).isNotEmpty();
      List<ConntrackEntry> sent;
      try (NetlinkSocket socket = server.call(() -> NetlinkSocket.open(NETLINK_NETFILTER))) {
        sent =
            socket.dump(
                "list",
                ConntrackConstants.CT_GET,
                writer -> ConntrackMessages.writeDump(writer, filter),
                ConntrackDecoder::decode);
      }
      List<ConntrackEntry> wanted =
          namesIpv6(filter) ? sent.stream().filter(filter::matches).toList() : sent;
      assertThat(wanted.stream().map(ConntrackEntry::id))
          .as("what the kernel sent for %s", filter)
          .containsExactlyInAnyOrderElementsOf(expected.stream().map(ConntrackEntry::id).toList());
      assertThat(sent)
          .allMatch(entry -> filter.protocol() == null || entry.protocol() == filter.protocol());
      assertThat(dump(filter)).hasSameSizeAs(expected);
    }
  }

  /** The kernel does not filter by these. */
  private static boolean namesIpv6(ConntrackFilter filter) {
    return Stream.of(filter.original(), filter.reply())
        .flatMap(tuple -> Stream.of(tuple.source(), tuple.destination()))
        .anyMatch(Ipv6Address.class::isInstance);
  }

  @Test
  @DisplayName("deleting spares other flows and recycled tuples (services 50)")
  void deletesThisEntryOnly() throws Exception {
    lab.makeFlows();
    for (ConntrackEntry victim : dump(ConntrackFilter.ALL)) {
      long before = conntrack.count();
      ConntrackEntry recycled =
          new ConntrackEntry(
              victim.original(),
              victim.reply(),
              victim.zone(),
              victim.mark(),
              victim.status(),
              victim.timeout(),
              victim.id() + 1);
      assertThat(conntrack.delete(List.of(recycled))).as("another id: %s", victim).isZero();
      assertThat(conntrack.count()).isEqualTo(before);
      assertThat(conntrack.delete(List.of(victim))).as("%s", victim).isEqualTo(1);
      assertThat(conntrack.count()).isEqualTo(before - 1);
      assertThat(conntrack.delete(List.of(victim))).as("again: %s", victim).isZero();
    }
    assertThat(conntrack.count()).isZero();
    assertThat(conntrack.delete(List.of())).isZero();
  }

  @Test
  void thousandsAreStreamedAndDeleted() throws Exception {
    lab.insert(3000);
    List<ConntrackEntry> entries = dump(ConntrackFilter.ALL.withProtocol(17));
    assertThat(entries).hasSize(3000);
    assertThat(entries.stream().map(ConntrackEntry::original).distinct()).hasSize(3000);
    assertThat(conntrack.delete(entries)).isEqualTo(3000);
    assertThat(conntrack.count()).isZero();
  }

  @Test
  void aHandlerThatThrowsLeavesTheSocketUsable() throws Exception {
    lab.insert(2000);
    int[] seen = {0};
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            conntrack.dump(
                ConntrackFilter.ALL,
                _ -> {
                  if (++seen[0] == 3) {
                    throw new IOException("enough");
                  }
                }))
        .withMessage("enough");
    assertThat(seen[0]).isEqualTo(3);
    assertThat(dump(ConntrackFilter.ALL)).hasSize(2000);
  }

  @Test
  void anotherNamespaceHasAnotherTable() throws Exception {
    lab.makeFlows();
    try (TestNamespace other = TestNamespace.create("conntrack-other");
        ConntrackSocket empty = other.call(ConntrackSocket::open)) {
      assertThat(empty.count()).isZero();
      empty.dump(ConntrackFilter.ALL, entry -> assertThat(entry).isNull());
    }
    assertThat(conntrack.count()).isPositive();
  }

  @Test
  @DisplayName("a kernel without the subsystem answers EINVAL, which open explains (faults 25)")
  void anAbsentSubsystemIsInvalid() throws Exception {
    try (NetlinkSocket socket = server.call(() -> NetlinkSocket.open(NETLINK_NETFILTER))) {
      assertThatExceptionOfType(NetlinkException.class)
          .isThrownBy(() -> socket.request("nothing", 200 << 8, 0, writer -> writer.zeros(4)))
          .matches(e -> e.errno() == Errno.EINVAL);
    }
  }
}
