package io.fairlead.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.cni.attachment.RequestedRange;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Ranges that a runtime asks for, and pod CIDRs that change. */
class IpRangesTest extends PoolFixture {

  /** "FIRST-LAST" or a CIDR, of one family in order of preference. */
  private static AddressRequest within(String... ranges) {
    Map<AddressFamily, List<RequestedRange>> sets = new EnumMap<>(AddressFamily.class);
    for (AddressFamily family : AddressFamily.values()) {
      List<RequestedRange> set =
          Stream.of(ranges)
              .map(IpRangesTest::range)
              .filter(range -> range.first().family() == family)
              .toList();
      if (!set.isEmpty()) {
        sets.put(family, set);
      }
    }
    return new AddressRequest(List.of(), sets);
  }

  private static RequestedRange range(String text) {
    String[] ends = text.split("-", 2);
    return ends.length == 1
        ? RequestedRange.of(Cidr.parse(text))
        : new RequestedRange(address(ends[0]), address(ends[1]), null);
  }

  @Test
  @DisplayName(
      "addresses come from the requested ranges, in order, late reuse too (pod-network 20)")
  void restricted() throws Exception {
    configure("10.0.0.0/24", "fd00::/64");
    AddressRequest request = within("10.0.0.20-10.0.0.21", "10.0.0.128/31", "fd00::1:0/112");
    assertThat(allocate("a", request)).isEqualTo("10.0.0.20 fd00::1:0");
    assertThat(allocate("b", request)).isEqualTo("10.0.0.21 fd00::1:1");
    assertThat(allocate("c", request)).isEqualTo("10.0.0.128 fd00::1:2");
    pool.release(key("b"));
    pool.release(key("a"));
    assertThat(allocate("d", request)).as("released first").isEqualTo("10.0.0.21 fd00::1:3");
    assertThat(allocate("e")).as("others are not restricted").isEqualTo("10.0.0.2 fd00::2");
    assertThat(allocate("f", within("fd00::1:0/112")))
        .as("nor is the other family")
        .isEqualTo("10.0.0.3 fd00::1:4");
  }

  @Test
  @DisplayName(
      "a requested range that is full, whose addresses are never handed out (pod-network 18, 19)")
  void full() throws Exception {
    configure("10.0.0.0/29", "fd00::/64");
    assertRefused(
        CniErrorCode.TRY_AGAIN,
        "all addresses of the requested ranges [10.0.0.0-10.0.0.1] are in use",
        () -> allocate("a", within("10.0.0.0-10.0.0.1")));
    assertRefused(
        CniErrorCode.TRY_AGAIN, "are in use", () -> allocate("a", within("10.0.0.7-10.0.0.7")));
    AddressRequest last = within("10.0.0.6-10.0.0.7");
    assertThat(allocate("a", last)).isEqualTo("10.0.0.6 fd00::2");
    assertRefused(CniErrorCode.TRY_AGAIN, "are in use", () -> allocate("b", last));
    assertThat(pool.usage().getLast().used()).as("the other family's is not lost").isEqualTo(1);
    pool.release(key("a"));
    assertThat(allocate("b", last)).isEqualTo("10.0.0.6 fd00::3");
  }

  @Test
  @DisplayName(
      "a requested range outside of the pod CIDRs, or with another gateway (pod-network 27)")
  void refused() throws Exception {
    configure("10.0.0.0/24", "10.0.1.0/24");
    for (String range : List.of("10.0.2.0/24", "10.0.0.250-10.0.1.5", "10.0.0.0/16", "fd00::/64")) {
      assertRefused(
          CniErrorCode.ADDRESS_UNAVAILABLE,
          "is not within one of the node's pod CIDRs [10.0.0.0/24, 10.0.1.0/24]",
          () -> allocate("a", within("10.0.0.9-10.0.0.9", range)));
    }
    RequestedRange gateway =
        new RequestedRange(address("10.0.1.5"), address("10.0.1.9"), address("10.0.1.254"));
    assertRefused(
        CniErrorCode.ADDRESS_UNAVAILABLE,
        "has the gateway 10.0.1.254, but the bridge is 10.0.1.1 in 10.0.1.0/24",
        () ->
            allocate(
                "a", new AddressRequest(List.of(), Map.of(AddressFamily.IPV4, List.of(gateway)))));
    AddressRequest both =
        new AddressRequest(List.of(address("10.0.0.9")), within("10.0.0.10-10.0.0.11").ranges());
    assertRefused(
        CniErrorCode.ADDRESS_UNAVAILABLE,
        "10.0.0.9 is outside of the requested ranges [10.0.0.10-10.0.0.11]",
        () -> allocate("a", both));
    assertThat(pool.leases()).isEmpty();
  }

  @Test
  @DisplayName("/31 and /32 of both families, and a /30 beside them (pod-network 19, 26)")
  void small() throws Exception {
    configure("10.0.0.0/31", "fd00::/127");
    assertThat(allocate("a")).isEqualTo("10.0.0.1 fd00::1");
    assertRefused(CniErrorCode.TRY_AGAIN, "all 1 addresses", () -> allocate("b"));
    configure("10.0.0.0/32", "fd00::/128");
    assertRefused(CniErrorCode.TRY_AGAIN, "no room for a pod", () -> allocate("b"));
    configure("10.0.9.9/32", "10.0.8.0/30", "fd01::/128", "fd02::/127");
    assertThat(allocate("b")).as("the ones with room").isEqualTo("10.0.8.2 fd02::1");
  }

  @Test
  @DisplayName(
      "a second pod CIDR of a family serves when the first is full; order is preference"
          + " (pod-network 26)")
  void severalAndReordered() throws Exception {
    configure("10.0.0.0/30", "10.0.1.0/29", "fd00::/126", "fd01::/64");
    assertThat(allocate("a")).isEqualTo("10.0.0.2 fd00::2");
    assertThat(allocate("b")).isEqualTo("10.0.1.2 fd00::3");
    assertThat(allocate("c")).isEqualTo("10.0.1.3 fd01::2");
    configure("fd01::/64", "10.0.1.0/29", "fd00::/126", "10.0.0.0/30");
    assertThat(allocate("d")).isEqualTo("10.0.1.4 fd01::3");
    pool.release(key("a"));
    assertThat(allocate("e")).as("the first choice has room").isEqualTo("10.0.1.5 fd01::4");
    assertThat(pool.usage()).extracting(AddressPool.Usage::used).containsExactly(3L, 4L, 1L, 0L);
  }

  @Test
  @DisplayName(
      "no pod gets an address that the bridge has, such as a former gateway (pod-network 19, 26)")
  void formerGateway() throws Exception {
    configure("10.0.0.4/30");
    assertThat(allocate("a")).isEqualTo("10.0.0.6");
    configure("10.0.0.0/29");
    pool.keep(Set.of(address("10.0.0.1"), address("10.0.0.2"), address("10.0.0.5")));
    assertRefused(
        CniErrorCode.ADDRESS_UNAVAILABLE,
        "10.0.0.5 is an address of the bridge",
        () -> allocate("b", "10.0.0.5"));
    assertRefused(
        CniErrorCode.TRY_AGAIN, "are in use", () -> allocate("b", within("10.0.0.5-10.0.0.6")));
    assertThat(allocate("b")).as("not 2").isEqualTo("10.0.0.3");
    assertThat(allocate("c")).isEqualTo("10.0.0.4");
    assertRefused(CniErrorCode.TRY_AGAIN, "are in use", () -> allocate("d"));
    assertThat(pool.trouble()).isPresent();
    pool.keep(Set.of(address("10.0.0.1")));
    assertThat(allocate("d")).isEqualTo("10.0.0.2");
    assertThat(allocate("e")).isEqualTo("10.0.0.5");
  }
}
