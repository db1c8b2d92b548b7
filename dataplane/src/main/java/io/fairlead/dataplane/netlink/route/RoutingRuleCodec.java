package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** Rule messages: struct fib_rule_hdr and FRA_ attributes (linux/fib_rules.h). */
final class RoutingRuleCodec {

  private RoutingRuleCodec() {}

  static void writeDump(MessageWriter writer, AddressFamily family) {
    writer.u8(family.number()).zeros(RULE_HEADER - 1);
  }

  static void write(MessageWriter writer, RoutingRule rule) {
    Cidr from = rule.from();
    Cidr to = rule.to();
    writer
        .u8(rule.family().number())
        .u8(to == null ? 0 : to.prefixLength())
        .u8(from == null ? 0 : from.prefixLength())
        .zeros(4)
        .u8(FR_ACT_TO_TBL)
        .u32(0)
        .attributeU32(FRA_PRIORITY, rule.priority())
        .attributeU32(FRA_TABLE, rule.table())
        .attributeU8(FRA_PROTOCOL, rule.protocol());
    if (to != null) {
      writer.attributeAddress(FRA_DST, to.network());
    }
    if (from != null) {
      writer.attributeAddress(FRA_SRC, from.network());
    }
    if (rule.markMask() != 0) {
      writer.attributeU32(FRA_FWMARK, rule.mark()).attributeU32(FRA_FWMASK, rule.markMask());
    }
    if (!rule.inputInterface().isEmpty()) {
      writer.attributeString(FRA_IIFNAME, rule.inputInterface());
    }
  }

  /** The rule, or null if it chooses no table or is of no family known here. */
  static @Nullable RoutingRule decode(NetlinkMessage message) throws MalformedMessageException {
    AddressFamily family = Fields.family(message.u8(0));
    if (family == null || message.u8(7) != FR_ACT_TO_TBL) {
      return null;
    }
    int priority = 0;
    IpAddress from = null;
    IpAddress to = null;
    int mark = 0;
    int mask = 0;
    String input = "";
    int table = message.u8(4);
    int protocol = 0;
    AttributeReader attributes = message.attributes(RULE_HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case FRA_PRIORITY -> priority = attributes.u32();
        case FRA_SRC -> from = attributes.address();
        case FRA_DST -> to = attributes.address();
        case FRA_FWMARK -> mark = attributes.u32();
        case FRA_FWMASK -> mask = attributes.u32();
        case FRA_IIFNAME -> input = attributes.string();
        case FRA_TABLE -> table = attributes.u32();
        case FRA_PROTOCOL -> protocol = attributes.u8();
        default -> {}
      }
    }
    message.requireWellFormed();
    return new RoutingRule(
        family,
        priority,
        from == null ? null : Fields.cidr(family, from, message.u8(2)),
        to == null ? null : Fields.cidr(family, to, message.u8(1)),
        mask == 0 ? 0 : mark,
        mask,
        input,
        table,
        protocol);
  }
}
