package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.Cidr;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Service's loadBalancerSourceRanges. */
enum Sources {
  ANY("", null),
  NOBODY("no source ranges admitted", ""),
  OUTSIDE("a source range of the outside", "198.51.100.2/32 2001:db8:2::2/128"),
  PODS("source ranges of this node's pods", "10.244.1.0/24 fd00:244:1::/64"),
  NODE("source ranges of this node", "172.31.0.0/24 2001:db8:3::/64"),
  /** services 9. */
  EVERYBODY("a source range of all", "0.0.0.0/0 10.0.0.0/8 ::/0"),
  ONE_FAMILY("a source range of the outside in IPv4 only", "198.51.100.2/32");

  private final String title;
  private final @Nullable String ranges;

  Sources(String title, @Nullable String ranges) {
    this.title = title;
    this.ranges = ranges;
  }

  @Nullable List<Cidr> ranges() {
    return ranges == null
        ? null
        : Arrays.stream(ranges.split(" "))
            .filter(range -> !range.isEmpty())
            .map(Cidr::parse)
            .toList();
  }

  @Override
  public String toString() {
    return title;
  }
}
