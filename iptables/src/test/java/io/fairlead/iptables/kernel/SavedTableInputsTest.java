package io.fairlead.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.ExpressionCodec;
import io.fairlead.dataplane.testing.Decoding;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What iptables-save prints, and rules of others in the form of iptables-nft. */
class SavedTableInputsTest {

  @FuzzTest
  void text(byte[] input) {
    Decoding.of(
        input,
        IOException.class,
        () -> {
          String saved = new String(input, StandardCharsets.UTF_8);
          for (IptablesTable table : IptablesTable.values()) {
            assertThat(SavedTable.parse(table, saved).toString()).isNotEmpty();
          }
          assertThat(SavedTable.countForeignRules(saved)).isNotNegative();
        });
  }

  /** A message whose attributes are the expressions of a rule. */
  @FuzzTest
  void expressions(byte[] input) {
    Decoding.of(
        input,
        IOException.class,
        () -> {
          for (AddressFamily family : AddressFamily.values()) {
            var expressions = ExpressionCodec.read(NetlinkMessage.parse(input).attributes(0));
            assertThat(RuleDecoder.read(family, expressions).toString()).isNotEmpty();
          }
        });
  }
}
