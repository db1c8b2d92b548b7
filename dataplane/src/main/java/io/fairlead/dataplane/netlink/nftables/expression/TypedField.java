package io.fairlead.dataplane.netlink.nftables.expression;

/** A field of somebody else's set, of which only the data type is known. */
public record TypedField(DataType type) implements Field {

  @Override
  public String text() {
    return type.text();
  }

  @Override
  public int length() {
    return type.length();
  }

  /** Never: the type does not say where the value comes from. */
  @Override
  public Expression load(int register) {
    throw new IllegalStateException("a field of type " + type.text() + " cannot be loaded");
  }

  @Override
  public int expressionType() {
    return 0;
  }

  @Override
  public UserData typeof() {
    return new UserData();
  }
}
