package io.fairlead.dataplane.netlink.nftables;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_ACK;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Cmp;
import io.fairlead.dataplane.netlink.nftables.expression.CmpOperator;
import io.fairlead.dataplane.netlink.nftables.expression.Counter;
import io.fairlead.dataplane.netlink.nftables.expression.Log;
import io.fairlead.dataplane.netlink.nftables.expression.Meta;
import io.fairlead.dataplane.netlink.nftables.expression.MetaKey;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import io.fairlead.dataplane.netlink.nftables.expression.XtMatch;
import io.fairlead.dataplane.netlink.nftables.expression.XtTarget;
import io.fairlead.dataplane.testing.GoldenVector;
import io.fairlead.dataplane.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NfCodecTest {

  private static final EventDecoder DECODER = new EventDecoder(List.of());

  private static byte[] batch(NfOperation... operations) {
    BatchWriter writer = new BatchWriter();
    writer.write(NfTransaction.of(operations), 1, null);
    return writer.messages().toBytes();
  }

  /** The messages between those that begin and end the batch. */
  private static List<byte[]> messages(byte[] batch) {
    ByteBuffer buffer = ByteBuffer.wrap(batch).order(ByteOrder.nativeOrder());
    List<byte[]> messages = new ArrayList<>();
    for (int at = 0; at < batch.length; at += (buffer.getInt(at) + 3) & ~3) {
      messages.add(Arrays.copyOfRange(batch, at, at + buffer.getInt(at)));
    }
    return messages.subList(1, messages.size() - 1);
  }

  private static @Nullable NfEvent decode(byte[] content) throws MalformedMessageException {
    NetlinkMessage message = NetlinkMessage.parse(content);
    NfEvent event = DECODER.decode(message);
    message.requireWellFormed();
    return event;
  }

  @Test
  void messagesAreTheBytesThatTheKernelTook() {
    GoldenVector.assertMatches(
        "nftables/table-owned",
        batch(new NfOperation.AddTable(NfTable.of(Example.TABLE, "mine").ownedAndPersistent())));
    GoldenVector.assertMatches(
        "nftables/chain-base", batch(new NfOperation.AddChain(Example.chains().get(2))));
    GoldenVector.assertMatches(
        "nftables/rule-dnat", batch(new NfOperation.AddRule(Example.rules().getFirst())));
    GoldenVector.assertMatches(
        "nftables/map-verdicts", batch(new NfOperation.AddSet(Example.SERVICES)));
    GoldenVector.assertMatches(
        "nftables/map-values", batch(new NfOperation.AddSet(Example.ENDPOINTS6)));
    GoldenVector.assertMatches(
        "nftables/set-counters", batch(new NfOperation.AddSet(Example.COUNTED)));
    GoldenVector.assertMatches("nftables/set-ranges", batch(new NfOperation.AddSet(Example.PEERS)));
    GoldenVector.assertMatches(
        "nftables/counter", batch(new NfOperation.AddCounter(Example.COUNTER)));
    GoldenVector.assertMatches(
        "nftables/rule-log",
        batch(
            new NfOperation.AddRule(
                NfRule.of(Example.TABLE, "raw", "", List.of(new Log(7, "denied", 128))))));
    SetElement before = Example.endpoint("10.96.0.10", 80, 1, "10.244.0.3", 8081);
    SetElement after = Example.endpoint("10.96.0.10", 80, 1, "10.244.0.4", 8081);
    GoldenVector.assertMatches(
        "nftables/element-replaced",
        batch(
            new NfOperation.DeleteElements(Example.ENDPOINTS, List.of(before)),
            new NfOperation.AddElements(Example.ENDPOINTS, List.of(after))));
  }

  @Test
  void elementsAreAskedForByTheirKeys() {
    MessageWriter writer = new MessageWriter();
    writer.begin(NfMessages.type(NfMessages.GET_ELEMENTS), NLM_F_REQUEST | NLM_F_ACK, 1);
    List<Bytes> keys =
        List.of(
            Example.endpoint("10.96.0.10", 80, 0, "10.244.0.2", 8080).key(),
            Example.endpoint("10.96.0.10", 80, 1, "10.244.0.3", 8081).key());
    ElementCodec.writeKeys(writer, Example.ENDPOINTS, keys);
    writer.end();
    GoldenVector.assertMatches("nftables/elements-by-keys", writer.toBytes());
  }

  @Test
  void theCountOfASetIsReadWhereTheKernelTellsIt() throws Exception {
    MessageWriter writer = new MessageWriter();
    writer.begin(NfMessages.type(NfMessages.NEW_SET), 0, 1);
    SetCodec.writeName(writer, Example.TABLE, "services");
    int silent = writer.length();
    writer.attributeU32Be(20, 440_000).end();
    byte[] told = writer.toBytes();
    assertThat(SetCodec.readCount(NetlinkMessage.parse(told)))
        .isEqualTo(new SetCodec.Count("services", 440_000));
    byte[] untold = Arrays.copyOf(told, silent);
    ByteBuffer.wrap(untold).order(ByteOrder.nativeOrder()).putInt(0, silent);
    assertThat(SetCodec.readCount(NetlinkMessage.parse(untold)))
        .isEqualTo(new SetCodec.Count("services", -1));
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    for (NfChain chain : Example.chains()) {
      assertThat(decode(messages(batch(new NfOperation.AddChain(chain))).getFirst()))
          .isEqualTo(new NfEvent.ChainChanged(true, chain));
    }
    for (NfSet set : Example.SETS) {
      assertThat(decode(messages(batch(new NfOperation.AddSet(set))).getFirst()))
          .isEqualTo(new NfEvent.SetChanged(true, set));
    }
    for (NfRule rule : Example.rules()) {
      assertThat(decode(messages(batch(new NfOperation.AddRule(rule))).getFirst()))
          .isEqualTo(new NfEvent.RuleChanged(true, rule));
    }
  }

  @Test
  void eventsOfOtherTablesAreToldByFamilyAndWholeName() throws Exception {
    List<byte[]> example =
        messages(batch(Example.transaction().operations().toArray(NfOperation[]::new)));
    String name = Example.TABLE.name();
    List<TableName> others =
        List.of(
            TableName.inet(name + "s"),
            TableName.inet(name.substring(1)),
            TableName.inet(""),
            new TableName(NfFamily.IPV4, name));
    EventDecoder of = new EventDecoder(List.of(others.getFirst(), Example.TABLE));
    EventDecoder ofOthers = new EventDecoder(others);
    for (byte[] content : example) {
      assertThat(of.decode(NetlinkMessage.parse(content))).isEqualTo(decode(content)).isNotNull();
      assertThat(ofOthers.decode(NetlinkMessage.parse(content))).isNull();
    }
  }

  @Test
  void extensionsOfIptablesTellTheRulesProtocolAndAreReadBack() throws Exception {
    NfRule rule =
        new NfRule(
            new TableName(NfFamily.IPV4, "filter"),
            "REFUSE",
            0,
            List.of(
                new Meta(MetaKey.L4PROTO, 0),
                new Cmp(CmpOperator.EQUAL, 0, Bytes.u8(6)),
                new XtMatch("addrtype", 1, Bytes.of(new byte[] {0, 0, 4, 0, 0, 0, 0, 0})),
                new Counter(0, 0),
                new XtTarget("REJECT", 0, Bytes.of(new byte[] {7}, 8))),
            "",
            0);
    byte[] batch = batch(new NfOperation.AddRule(rule));
    GoldenVector.assertMatches("nftables/rule-xt", batch);
    assertThat(decode(messages(batch).getFirst())).isEqualTo(new NfEvent.RuleChanged(true, rule));
    assertThat(rule.text())
        .isEqualTo("meta l4proto tcp xt match addrtype counter xt target REJECT");
  }

  @Test
  void elementsThatDoNotFitOneMessageAreSplit() throws Exception {
    RandomGenerator random = Seed.generator("elements");
    List<SetElement> elements = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      byte[] key = new byte[16];
      random.nextBytes(key);
      SetElement element = SetElement.of(Bytes.of(key), Bytes.u16Be(i).slice(0, 2));
      elements.add(i % 3 == 0 ? element.withComment("element " + i) : element.withTimeout(i));
    }
    List<byte[]> messages =
        messages(batch(new NfOperation.AddElements(Example.ENDPOINTS, elements)));
    List<SetElement> read = new ArrayList<>();
    for (byte[] message : messages) {
      if (decode(message) instanceof NfEvent.ElementsChanged changed) {
        read.addAll(changed.elements());
      }
    }
    assertThat(messages).hasSizeGreaterThan(3);
    assertThat(read).isEqualTo(elements);
  }

  @Test
  @DisplayName("Damaged messages are refused and never break the decoder (faults 40)")
  void damagedMessages() {
    RandomGenerator random = Seed.generator("damaged messages");
    List<byte[]> intact =
        messages(batch(Example.transaction().operations().toArray(NfOperation[]::new)));
    int refused = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] message = intact.get(random.nextInt(intact.size())).clone();
      for (int j = random.nextInt(1, 6); j > 0; j--) {
        message[random.nextInt(6, message.length)] = (byte) random.nextInt();
      }
      try {
        NfEvent _ = decode(Arrays.copyOf(message, random.nextInt(16, message.length + 1)));
      } catch (MalformedMessageException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1, 40_000);
  }

  @Test
  @DisplayName("Comments of any length and content can be kept and printed (faults 15, 16)")
  void comments() {
    assertThat(UserData.cleanComment("a\n\"b\"\u0000c")).isEqualTo("a  b  c");
    assertThat(UserData.cleanComment("x".repeat(500))).hasSize(127);
    String umlauts = UserData.cleanComment("ä".repeat(500));
    assertThat(umlauts).isEqualTo("ä".repeat(63));
  }
}
