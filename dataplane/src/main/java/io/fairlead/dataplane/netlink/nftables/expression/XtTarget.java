package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/**
 * A target of iptables in an nf_tables rule (the kernel's nft_compat).
 *
 * @param name as in iptables -j
 * @param revision of the layout of {@code info}
 * @param info as of {@link XtMatch}
 */
public record XtTarget(String name, int revision, Bytes info) implements Expression {

  static final String KIND = "target";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void write(MessageWriter writer) {
    XtAttributes.write(writer, name, revision, info);
  }
}
