package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** Keeps the packet out of connection tracking. */
public record NoTrack() implements Expression {

  @Override
  public String kind() {
    return "notrack";
  }

  @Override
  public void write(MessageWriter writer) {}
}
