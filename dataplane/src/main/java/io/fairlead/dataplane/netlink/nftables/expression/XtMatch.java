package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/**
 * A match of iptables in an nf_tables rule (the kernel's nft_compat). Ends the rule unless it
 * holds. Only in tables of family ip or ip6 and the like, never inet.
 *
 * @param name as in iptables -m
 * @param revision of the layout of {@code info}
 * @param info the extension's own structure in the host's byte order, padded to a multiple of 8
 *     bytes (XT_ALIGN on every machine with 64 bits)
 */
public record XtMatch(String name, int revision, Bytes info) implements Expression {

  static final String KIND = "match";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void write(MessageWriter writer) {
    XtAttributes.write(writer, name, revision, info);
  }
}
