package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** One step of a rule. Immutable; equal by content. */
public sealed interface Expression
    permits Payload,
        Meta,
        MetaSet,
        Ct,
        CtSet,
        Cmp,
        Range,
        Bitwise,
        ImmediateData,
        ImmediateVerdict,
        Lookup,
        NumberGenerator,
        Masquerade,
        Nat,
        Reject,
        Counter,
        ObjectReference,
        ObjectLookup,
        Fib,
        DynamicSet,
        Log,
        Limit,
        NoTrack,
        XtMatch,
        XtTarget,
        Opaque {

  /** The kernel's name of the expression (NFTA_EXPR_NAME). */
  String kind();

  /** Writes what is inside NFTA_EXPR_DATA. */
  void write(MessageWriter writer);
}
