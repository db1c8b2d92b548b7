package io.fairlead.iptables.rule;

import java.util.List;
import java.util.Locale;

/** A table of iptables, with the chains that the kernel sends packets to. */
public enum IptablesTable {
  NAT,
  FILTER,
  MANGLE;

  /** As iptables -t takes it: "nat". */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** In the order in which iptables-save prints them. */
  public List<String> builtInChains() {
    return switch (this) {
      case NAT -> List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING");
      case FILTER -> List.of("INPUT", "FORWARD", "OUTPUT");
      case MANGLE -> List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");
    };
  }
}
