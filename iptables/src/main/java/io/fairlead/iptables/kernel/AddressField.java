package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import org.jspecify.annotations.Nullable;

/** Where an IP header has its addresses (RFC 791, RFC 8200). */
enum AddressField {
  SOURCE,
  DESTINATION;

  /** In bytes from the header's beginning. */
  int offset(AddressFamily family) {
    return switch (family) {
      case IPV4 ->
          switch (this) {
            case SOURCE -> 12;
            case DESTINATION -> 16;
          };
      case IPV6 ->
          switch (this) {
            case SOURCE -> 8;
            case DESTINATION -> 24;
          };
    };
  }

  static @Nullable AddressField at(int offset, AddressFamily family) {
    for (AddressField field : values()) {
      if (field.offset(family) == offset) {
        return field;
      }
    }
    return null;
  }
}
