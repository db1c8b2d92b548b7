package io.fairlead.dataplane.netlink.nftables.expression;

/** A field of what the kernel keeps beside the packet. */
public record MetaField(MetaKey key) implements Field {

  static final int EXPR_META = 9;
  static final int KEY = 0;

  @Override
  public String text() {
    return key.text();
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
    return new Meta(key, register);
  }

  @Override
  public int expressionType() {
    return EXPR_META;
  }

  @Override
  public UserData typeof() {
    return new UserData().putU32(KEY, key.number());
  }
}
