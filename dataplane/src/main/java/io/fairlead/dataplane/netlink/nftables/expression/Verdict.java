package io.fairlead.dataplane.netlink.nftables.expression;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a packet, or which chain it goes to.
 *
 * @param chain the target of a jump or goto, else empty
 */
public record Verdict(Kind kind, String chain) {

  public static final Verdict ACCEPT = new Verdict(Kind.ACCEPT, "");
  public static final Verdict DROP = new Verdict(Kind.DROP, "");
  public static final Verdict RETURN = new Verdict(Kind.RETURN, "");
  public static final Verdict CONTINUE = new Verdict(Kind.CONTINUE, "");

  /** NF_DROP and NF_ACCEPT of linux/netfilter.h, and enum nft_verdicts. */
  public enum Kind {
    DROP(0),
    ACCEPT(1),
    CONTINUE(-1),
    JUMP(-3),
    GOTO(-4),
    RETURN(-5);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static @Nullable Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return null;
    }
  }

  public static Verdict jump(String chain) {
    return new Verdict(Kind.JUMP, chain);
  }

  /** Goes to {@code chain} for good: after it the base chain's policy decides. */
  public static Verdict goTo(String chain) {
    return new Verdict(Kind.GOTO, chain);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case DROP -> "drop";
      case ACCEPT -> "accept";
      case CONTINUE -> "continue";
      case RETURN -> "return";
      case JUMP -> "jump " + chain;
      case GOTO -> "goto " + chain;
    };
  }
}
