package io.fairlead.dataplane.netlink.nftables.expression;

/** A field of the packet's connection: an address or port as it was before any translation. */
public record CtField(CtKey key, Ct.Direction direction) implements Field {

  static final int EXPR_CT = 12;

  /** enum nft_ct user data of libnftables. */
  static final int KEY = 0;

  static final int DIRECTION = 1;

  @Override
  public String text() {
    return switch (direction) {
      case ANY -> key.text();
      case ORIGINAL -> "ct original " + key.text().substring(3);
      case REPLY -> "ct reply " + key.text().substring(3);
    };
  }

  @Override
  public DataType type() {
    return key.type();
  }

  @Override
  public int length() {
    return key.length();
  }

  @Override
  public Expression load(int register) {
    return new Ct(key, direction, register);
  }

  @Override
  public int expressionType() {
    return EXPR_CT;
  }

  @Override
  public UserData typeof() {
    return new UserData().putU32(KEY, key.number()).putU32(DIRECTION, direction.number());
  }
}
