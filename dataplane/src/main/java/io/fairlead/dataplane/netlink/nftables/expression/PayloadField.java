package io.fairlead.dataplane.netlink.nftables.expression;

/**
 * A field of a packet's header.
 *
 * @param description libnftables' number of the header (enum proto_desc_id)
 * @param template libnftables' number of the field in that header
 */
public record PayloadField(
    String text, DataType type, Payload.Base base, int offset, int description, int template)
    implements Field {

  static final int EXPR_PAYLOAD = 7;

  /** enum nft_payload user data of libnftables: what the field is called. */
  static final int DESCRIPTION = 0;

  static final int TEMPLATE = 1;

  static PayloadField link(String text, DataType type, int offset, int header, int template) {
    return new PayloadField(text, type, Payload.Base.LINK, offset, header, template);
  }

  static PayloadField network(String text, DataType type, int offset, int header, int template) {
    return new PayloadField(text, type, Payload.Base.NETWORK, offset, header, template);
  }

  static PayloadField transport(String text, DataType type, int offset, int header, int template) {
    return new PayloadField(text, type, Payload.Base.TRANSPORT, offset, header, template);
  }

  @Override
  public int length() {
    return type.length();
  }

  @Override
  public Expression load(int register) {
    return new Payload(base, offset, length(), register);
  }

  @Override
  public int expressionType() {
    return EXPR_PAYLOAD;
  }

  @Override
  public UserData typeof() {
    return new UserData().putU32(DESCRIPTION, description).putU32(TEMPLATE, template);
  }
}
