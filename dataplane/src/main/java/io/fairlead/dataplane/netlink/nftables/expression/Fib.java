package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the routing tables about the packet. */
public record Fib(Set<Flag> flags, Result result, int register) implements Expression {

  /** What is looked up: enum nft_fib_flags. */
  public enum Flag {
    SADDR(1),
    DADDR(2),
    MARK(4),
    IIF(8),
    OIF(16);

    private final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }

  /** What is loaded: enum nft_fib_result; PRESENT is 1 where there is a route at all. */
  public enum Result {
    OIF(1, "oif"),
    OIFNAME(2, "oifname"),
    TYPE(3, "type"),
    PRESENT(1, "oif");

    private final int number;
    private final String text;

    Result(int number, String text) {
      this.number = number;
      this.text = text;
    }
  }

  /** The address type that {@link Result#TYPE} yields for this host's own addresses (RTN_LOCAL). */
  public static final int LOCAL = 2;

  private static final int NFTA_FIB_DREG = 1;
  private static final int NFTA_FIB_RESULT = 2;
  private static final int NFTA_FIB_FLAGS = 3;
  private static final int NFTA_FIB_F_PRESENT = 32;

  public Fib {
    flags = Set.copyOf(flags);
  }

  @Override
  public String kind() {
    return "fib";
  }

  DataType type() {
    return result == Result.TYPE ? DataType.FIB_ADDRESS_TYPE : DataType.INTEGER;
  }

  String text() {
    return "fib "
        + flags.stream()
            .sorted()
            .map(flag -> flag.name().toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.joining(" . "))
        + " "
        + result.text;
  }

  @Override
  public void write(MessageWriter writer) {
    int bits = result == Result.PRESENT ? NFTA_FIB_F_PRESENT : 0;
    for (Flag flag : flags) {
      bits |= flag.bit;
    }
    writer
        .attributeU32Be(NFTA_FIB_FLAGS, bits)
        .attributeU32Be(NFTA_FIB_RESULT, result.number)
        .attributeU32Be(NFTA_FIB_DREG, Register.number(register));
  }

  static @Nullable Expression read(AttributeReader attributes) {
    int register = 0;
    int number = 0;
    int bits = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_FIB_DREG -> register = Register.index(attributes.u32Be());
        case NFTA_FIB_RESULT -> number = attributes.u32Be();
        case NFTA_FIB_FLAGS -> bits = attributes.u32Be();
        default -> {}
      }
    }
    Result result = result(number, (bits & NFTA_FIB_F_PRESENT) != 0);
    if (result == null) {
      return null;
    }
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    for (Flag flag : Flag.values()) {
      if ((bits & flag.bit) != 0) {
        flags.add(flag);
      }
    }
    return new Fib(flags, result, register);
  }

  private static @Nullable Result result(int number, boolean present) {
    return switch (number) {
      case 1 -> present ? Result.PRESENT : Result.OIF;
      case 2 -> Result.OIFNAME;
      case 3 -> Result.TYPE;
      default -> null;
    };
  }
}
