package io.fairlead.dataplane.netlink.nftables.expression;

import org.jspecify.annotations.Nullable;

/** enum nft_cmp_ops, in the kernel's order from 0. */
public enum CmpOperator {
  EQUAL("=="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">=");

  private final String text;

  CmpOperator(String text) {
    this.text = text;
  }

  /** As nft writes it. */
  public String text() {
    return text;
  }

  int number() {
    return switch (this) {
      case EQUAL -> 0;
      case NOT_EQUAL -> 1;
      case LESS -> 2;
      case LESS_OR_EQUAL -> 3;
      case GREATER -> 4;
      case GREATER_OR_EQUAL -> 5;
    };
  }

  static @Nullable CmpOperator of(int number) {
    return number >= 0 && number < values().length ? values()[number] : null;
  }
}
