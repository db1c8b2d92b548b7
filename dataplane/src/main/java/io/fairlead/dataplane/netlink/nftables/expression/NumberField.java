package io.fairlead.dataplane.netlink.nftables.expression;

/**
 * A number from 0 to {@code modulus - 1}, four bytes in host byte order.
 *
 * @param modulus 65536 where the field only names the type of a key
 */
public record NumberField(NumberGenerator.Mode mode, int modulus) implements Field {

  static final int EXPR_NUMGEN = 23;
  static final int MODE = 0;
  static final int MODULUS = 1;
  static final int OFFSET = 2;

  /** Every number equally likely. */
  public static NumberField random(int modulus) {
    return new NumberField(NumberGenerator.Mode.RANDOM, modulus);
  }

  @Override
  public String text() {
    return NumberGenerator.text(mode, modulus, 0);
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
    return new NumberGenerator(mode, modulus, 0, register);
  }

  @Override
  public int expressionType() {
    return EXPR_NUMGEN;
  }

  @Override
  public UserData typeof() {
    return new UserData().putU32(MODE, mode.number()).putU32(MODULUS, modulus).putU32(OFFSET, 0);
  }
}
