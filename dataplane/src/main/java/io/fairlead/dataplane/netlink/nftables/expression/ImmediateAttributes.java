package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import org.jspecify.annotations.Nullable;

/** enum nft_immediate_attributes, shared by values and verdicts. */
final class ImmediateAttributes {

  static final int REGISTER = 1;
  static final int DATA = 2;

  private ImmediateAttributes() {}

  static @Nullable Expression read(AttributeReader attributes) {
    int number = 0;
    Expression result = null;
    while (attributes.next()) {
      switch (attributes.type()) {
        case REGISTER -> number = attributes.u32Be();
        case DATA -> result = data(number, attributes);
        default -> {}
      }
    }
    return result;
  }

  private static @Nullable Expression data(int number, AttributeReader attribute) {
    if (number != Register.VERDICT_NUMBER) {
      return new ImmediateData(Register.index(number), Data.value(attribute));
    }
    Verdict verdict = Data.verdict(attribute);
    return verdict == null ? null : new ImmediateVerdict(verdict);
  }
}
