package io.fairlead.dataplane.netlink.nftables.expression;

/**
 * A number from {@code offset} to {@code offset + modulus - 1}, four bytes in host byte order.
 *
 * @param modulus 65536 where the field only names the type of a key
 */
public record NumberField(NumberGenerator.Mode mode, int modulus, int offset) implements Field {

  static final int EXPR_NUMGEN = 23;
  static final int MODE = 0;
  static final int MODULUS = 1;
  static final int OFFSET = 2;

  /** Every number equally likely. */
  public static NumberField random(int modulus) {
    return random(modulus, 0);
  }

  /** Every number from {@code offset} on equally likely. */
  public static NumberField random(int modulus, int offset) {
    return new NumberField(NumberGenerator.Mode.RANDOM, modulus, offset);
  }

  @Override
  public String text() {
    return NumberGenerator.text(mode, modulus, offset);
  }

  @Override
  public DataType type() {
    return DataType.INTEGER;
  }

  @Override
  public int length() {
    return 4;
  }

  @Override
  public Expression load(int register) {
    return new NumberGenerator(mode, modulus, offset, register);
  }

  @Override
  public int expressionType() {
    return EXPR_NUMGEN;
  }

  @Override
  public UserData typeof() {
    return new UserData()
        .putU32(MODE, mode.number())
        .putU32(MODULUS, modulus)
        .putU32(OFFSET, offset);
  }
}
