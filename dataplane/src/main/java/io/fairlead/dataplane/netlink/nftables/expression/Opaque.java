package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** An expression that somebody else made and that fairlead has no words for, kept as it is. */
public record Opaque(String kind, Bytes attributes) implements Expression {

  @Override
  public void write(MessageWriter writer) {
    writer.bytes(attributes.toArray());
  }
}
