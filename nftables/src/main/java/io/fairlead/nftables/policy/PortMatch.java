package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.policy.enforcement.PortName;
import io.fairlead.dataplane.table.FamilyFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ports of a policy's rule, as one rule in the kernel can compare them. */
sealed interface PortMatch {

  /** Everything, ICMP too. */
  record Any() implements PortMatch {}

  /** One range. */
  record One(Port.Range range) implements PortMatch {}

  /** Several ranges. */
  record Several(SharedSet.Ports ports) implements PortMatch {}

  /** What the destination calls so. */
  record Named(PortName name) implements PortMatch {}

  /** What it takes to compare with a rule's ports; empty if they are none. */
  static List<PortMatch> of(PolicyDirection direction, @Nullable List<Port> ports) {
    if (ports == null) {
      return List.of(new Any());
    }
    List<PortMatch> matches = new ArrayList<>();
    List<Port.Range> ranges = new ArrayList<>();
    Set<PortName> names = new LinkedHashSet<>();
    for (Port port : ports) {
      switch (port) {
        case Port.Range range -> ranges.add(range);
        case Port.Named named -> names.add(new PortName(direction, named.protocol(), named.name()));
      }
    }
    List<Port.Range> merged = PortRanges.merged(ranges);
    if (merged.size() == 1) {
      matches.add(new One(merged.getFirst()));
    } else if (!merged.isEmpty()) {
      matches.add(new Several(new SharedSet.Ports(merged)));
    }
    names.forEach(name -> matches.add(new Named(name)));
    return matches;
  }

  /** Whether it compares addresses, too. */
  default boolean needsFamily() {
    return this instanceof Named;
  }

  default Set<SharedSet> sets() {
    return switch (this) {
      case Any _, One _ -> Set.of();
      case Several several -> Set.of(several.ports());
      case Named named -> Set.of(new SharedSet.NamedPort(named.name()));
    };
  }

  /**
   * Adds the comparison to a rule.
   *
   * @param family the only one that the rule is for; null for both, unless {@link #needsFamily}
   */
  default void addTo(RuleBuilder rule, @Nullable AddressFamily family) {
    switch (this) {
      case Any _ -> {}
      case One one -> {
        Port.Range range = one.range();
        rule.equal(Fields.L4PROTO, Bytes.u8(range.protocol().number()));
        Bytes first = Bytes.u16Be(range.first());
        if (range.first() == range.last()) {
          rule.equal(Fields.TH_DPORT, first);
        } else if (!PortRanges.isEvery(range)) {
          rule.between(Fields.TH_DPORT, first, Bytes.u16Be(range.last()));
        }
      }
      case Several several ->
          rule.in(several.ports().set().name(), Fields.L4PROTO, Fields.TH_DPORT);
      case Named named -> {
        if (family == null) {
          throw new IllegalArgumentException("a named port is looked up in one family");
        }
        rule.equal(Fields.L4PROTO, Bytes.u8(named.name().protocol().number()))
            .in(
                SharedSet.NamedPort.set(named.name(), family).name(),
                FamilyFields.of(family).destination(),
                Fields.TH_DPORT);
      }
    }
  }
}
