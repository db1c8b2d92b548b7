package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Addresses of one family from {@code first} to {@code last}, in network byte order. */
record AddressRange(Bytes first, Bytes last) {

  private static final Comparator<AddressRange> ORDER =
      Comparator.comparing(AddressRange::first).thenComparing(AddressRange::last);

  static AddressRange of(Cidr cidr) {
    SetElement element = SetElement.of(cidr);
    return new AddressRange(element.key(), element.last());
  }

  /**
   * The addresses that at least one block means, in ascending ranges that neither overlap nor
   * touch. A block's exceptions concern that block alone.
   */
  static List<AddressRange> union(AddressFamily family, List<Peer.Block> blocks) {
    List<AddressRange> ranges = new ArrayList<>();
    for (Peer.Block block : blocks) {
      if (block.cidr().family() == family) {
        ranges.addAll(without(of(block.cidr()), holes(block)));
      }
    }
    return merged(ranges);
  }

  private static List<AddressRange> holes(Peer.Block block) {
    return merged(
        block.except().stream()
            .filter(hole -> hole.family() == block.cidr().family())
            .map(AddressRange::of)
            .toList());
  }

  /** What is left of a range; {@code holes} are in order and apart from each other. */
  private static List<AddressRange> without(AddressRange range, List<AddressRange> holes) {
    List<AddressRange> rest = new ArrayList<>();
    Bytes from = range.first;
    for (AddressRange hole : holes) {
      if (hole.last.compareTo(from) < 0 || hole.first.compareTo(range.last) > 0) {
        continue;
      }
      if (hole.first.compareTo(from) > 0) {
        rest.add(new AddressRange(from, hole.first.minusOne()));
      }
      if (hole.last.compareTo(range.last) >= 0) {
        return rest;
      }
      from = hole.last.plusOne();
    }
    rest.add(new AddressRange(from, range.last));
    return rest;
  }

  private static List<AddressRange> merged(List<AddressRange> ranges) {
    List<AddressRange> merged = new ArrayList<>();
    for (AddressRange range : ranges.stream().sorted(ORDER).toList()) {
      AddressRange before = merged.isEmpty() ? null : merged.getLast();
      if (before != null && before.reaches(range)) {
        Bytes last = before.last.compareTo(range.last) >= 0 ? before.last : range.last;
        merged.set(merged.size() - 1, new AddressRange(before.first, last));
      } else {
        merged.add(range);
      }
    }
    return List.copyOf(merged);
  }

  /** Whether nothing is between this and a range that does not begin before it. */
  private boolean reaches(AddressRange next) {
    Bytes behind = last.plusOne();
    return behind.isZero() || next.first.compareTo(behind) <= 0;
  }

  SetElement element() {
    return SetElement.range(first, last);
  }
}
