package io.fairlead.dataplane.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.testing.Decoding;
import java.util.ArrayList;
import java.util.List;

/** Messages of nf_tables: tables, chains, rules with their expressions, sets, elements, traces. */
class NfTablesInputsTest {

  private static final EventDecoder DECODER = new EventDecoder(List.of());

  @FuzzTest
  void message(byte[] input) {
    Decoding.of(input, MalformedMessageException.class, () -> read(input));
  }

  private static void read(byte[] input) throws MalformedMessageException {
    NetlinkMessage message = NetlinkMessage.parse(input);
    assertThat(String.valueOf(DECODER.decode(message))).isNotEmpty();
    assertThat(String.valueOf(TraceCodec.read(message))).isNotEmpty();
    assertThat(String.valueOf(RuleCodec.read(message))).isNotEmpty();
    assertThat(String.valueOf(SetCodec.read(message))).isNotEmpty();
    assertThat(SetCodec.readCount(message)).isNotNull();
    ElementCodec.readCounters(message, new ArrayList<>());
    ElementCodec.read(message, new ArrayList<>());
    message.requireWellFormed();
  }
}
