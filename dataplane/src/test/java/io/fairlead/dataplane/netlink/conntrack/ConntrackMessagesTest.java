package io.fairlead.dataplane.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.testing.GoldenVector;
import io.fairlead.dataplane.testing.Seed;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConntrackMessagesTest {

  private static final IpAddress SERVICE = IpAddress.parse("10.96.0.10");
  private static final IpAddress ENDPOINT = IpAddress.parse("fd00:10:244:1::5");

  private static byte[] request(int type, NetlinkSocket.RequestBody body) {
    MessageWriter writer = new MessageWriter();
    writer.begin(type, 0x301, 7);
    body.write(writer);
    writer.end();
    return writer.toBytes();
  }

  private static byte[] dump(ConntrackFilter filter) {
    return request(
        ConntrackConstants.CT_GET, writer -> ConntrackMessages.writeDump(writer, filter));
  }

  @Test
  void dumpsAskTheKernelForNoMoreThanTheFilterLetsThrough() {
    GoldenVector.assertMatches("conntrack/dump-all", dump(ConntrackFilter.ALL));
    GoldenVector.assertMatches(
        "conntrack/dump-udp-to-service",
        dump(ConntrackFilter.ALL.withProtocol(17).withOriginal(TupleFilter.to(SERVICE, 53))));
    GoldenVector.assertMatches(
        "conntrack/dump-udp-from-endpoint",
        dump(ConntrackFilter.ALL.withProtocol(17).withReply(TupleFilter.from(ENDPOINT, 5353))));
    GoldenVector.assertMatches(
        "conntrack/dump-ipv6-marked",
        dump(ConntrackFilter.ALL.withFamily(AddressFamily.IPV6).withMark(0x4000, 0xf000)));
  }

  @Test
  void aDeletionNamesTupleAndId() {
    ConntrackEntry entry = ConntrackEntries.udp("10.0.0.1", 40000, "10.96.0.10", "10.0.0.2", 99);
    GoldenVector.assertMatches(
        "conntrack/delete-udp",
        request(
            ConntrackConstants.CT_DELETE, writer -> ConntrackMessages.writeDelete(writer, entry)));
  }

  @Test
  void whatAKernelSentIsRead() throws Exception {
    assertThat(ConntrackDecoder.decode(NetlinkMessage.parse(GoldenVector.read("conntrack/entry"))))
        .hasToString(
            "udp 10.0.0.1:40000 -> 10.96.0.10:53 reply 10.0.0.2:5353 -> 10.0.0.1:40000"
                + " [CONFIRMED DST_NAT SRC_NAT_DONE DST_NAT_DONE] mark 0x2a zone 5 timeout 99"
                + " id 2821500904");
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    RandomGenerator random = Seed.generator("ConntrackMessagesTest.whatIsWrittenIsRead");
    for (int i = 0; i < 5000; i++) {
      ConntrackEntry entry = ConntrackEntries.random(random);
      byte[] message = ConntrackEntries.message(entry);
      ConntrackEntry read = ConntrackDecoder.decode(NetlinkMessage.parse(message));
      assertThat(read).isEqualTo(entry);
      assertThat(ConntrackEntries.message(read)).isEqualTo(message);
    }
  }

  @Test
  @DisplayName("a damaged entry is refused or read, and nothing else (faults 40)")
  void damagedMessagesThrowOnlyWhatTheyPromise() {
    RandomGenerator random = Seed.generator("ConntrackMessagesTest.damagedMessages");
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] whole = ConntrackEntries.message(ConntrackEntries.random(random));
      byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int flips = random.nextInt(6); flips > 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(ConntrackDecoder.decode(NetlinkMessage.parse(damaged)).toString()).isNotEmpty();
      } catch (MalformedMessageException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void anEntryWithoutItsReplyTupleIsMalformed() {
    byte[] message =
        request(
            ConntrackConstants.CT_NEW,
            writer -> {
              writer.u8(2).u8(0).u16Be(0);
              ConntrackMessages.writeTuple(
                  writer,
                  ConntrackConstants.CTA_TUPLE_ORIG,
                  ConntrackEntries.udp("10.0.0.1", 1, "10.0.0.2", "10.0.0.3", 1).original(),
                  ConntrackZone.DEFAULT,
                  true);
            });
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> ConntrackDecoder.decode(NetlinkMessage.parse(message)))
        .withMessage("a connection tracking entry lacks one of its tuples");
  }

  @Test
  void impossibleFiltersAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConntrackFilter.ALL.withOriginal(TupleFilter.to(SERVICE, 53)))
        .withMessage("a filter by port needs the protocol too");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ConntrackFilter.ALL
                .withFamily(AddressFamily.IPV6)
                .withOriginal(TupleFilter.to(SERVICE)))
        .withMessageContaining("asks for IPv6 and for the address 10.96.0.10");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ConntrackFilter.ALL
                .withOriginal(TupleFilter.to(SERVICE))
                .withReply(TupleFilter.from(ENDPOINT)));
  }
}
