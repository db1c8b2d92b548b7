package io.fairlead.iptables.rule;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.service.EndpointAddress;

/** What becomes of a packet that a rule's matches hold for. */
public sealed interface Target {

  /** Goes through {@code chain} and, if nothing there decides, comes back. */
  record Jump(String chain) implements Target {}

  /** Goes through {@code chain} and returns to where this chain was called from. */
  record GoTo(String chain) implements Target {}

  record Accept() implements Target {}

  /** Not possible in table nat: iptables refuses to print or restore it there. */
  record Drop() implements Target {}

  record Return() implements Target {}

  /** Tells the sender that nobody is there; only in table filter. */
  record Reject(With with) implements Target {
    /** What the sender is told. */
    public enum With {
      /** Only in a rule for TCP. */
      TCP_RESET,
      PORT_UNREACHABLE
    }
  }

  /** Sets {@code bits} in the packet's mark. */
  record MarkOr(int bits) implements Target {}

  /** Inverts {@code bits} of the packet's mark. */
  record MarkXor(int bits) implements Target {}

  /** Sends the connection to {@code endpoint}; in a rule for a protocol, in table nat. */
  record DestinationNat(EndpointAddress endpoint) implements Target {}

  /** Replaces the source address by that of the interface the packet leaves through. */
  record Masquerade(boolean randomFully) implements Target {}

  /** As iptables-save prints it: "-j ACCEPT". */
  default String text(AddressFamily family) {
    return RuleText.of(this, family);
  }
}
