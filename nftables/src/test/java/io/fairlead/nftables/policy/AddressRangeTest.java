package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.Cluster.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer.Block;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AddressRangeTest {

  private static String text(AddressFamily family, List<Block> blocks) {
    return AddressRange.union(family, blocks).stream()
        .map(range ->
            IpAddress.of(range.first().toArray()) + "-" + IpAddress.of(range.last().toArray()))
        .collect(Collectors.joining(" "));
  }

  static Stream<Arguments> unions() {
    return Stream.of(
        Arguments.of("", List.of()),
        Arguments.of("10.0.0.0-10.0.0.255", List.of(block("10.0.0.0/24"))),
        Arguments.of("0.0.0.0-255.255.255.255", List.of(block("0.0.0.0/0"))),
        Arguments.of(
            "0.0.0.0-9.255.255.255 11.0.0.0-255.255.255.255",
            List.of(block("0.0.0.0/0", "10.0.0.0/8"))),
        Arguments.of("", List.of(block("10.0.0.0/24", "10.0.0.0/24"))),
        Arguments.of("", List.of(block("10.0.0.0/24", "10.0.0.0/25", "10.0.0.128/25"))),
        Arguments.of("", List.of(block("10.0.0.0/24", "10.0.0.0/8"))),
        Arguments.of(
            "10.0.0.1-10.0.0.254", List.of(block("10.0.0.0/24", "10.0.0.0/32", "10.0.0.255/32"))),
        Arguments.of(
            "10.0.0.0-10.0.0.15 10.0.0.32-10.0.0.255",
            List.of(block("10.0.0.0/24", "10.0.0.16/28", "10.0.0.24/29"))),
        Arguments.of("10.0.0.0-10.0.1.255", List.of(block("10.0.1.0/24"), block("10.0.0.0/24"))),
        Arguments.of("10.0.0.0-10.0.0.255", List.of(block("10.0.0.0/24"), block("10.0.0.7/32"))),
        Arguments.of(
            "128.0.0.0-255.255.255.255", List.of(block("128.0.0.0/1"), block("255.0.0.0/8"))),
        // Another block of the rule allows again what the first one excepts.
        Arguments.of(
            "10.0.0.0-10.0.0.255",
            List.of(block("10.0.0.0/24", "10.0.0.64/26"), block("10.0.0.64/26"))),
        Arguments.of("10.0.0.0-10.0.0.255", List.of(block("fd00::/8"), block("10.0.0.0/24"))));
  }

  @ParameterizedTest
  @MethodSource("unions")
  void aUnionIsExact(String ranges, List<Block> blocks) {
    assertThat(text(AddressFamily.IPV4, blocks)).isEqualTo(ranges);
  }

  @Test
  void ipv6() {
    assertThat(text(AddressFamily.IPV6, List.of(block("::/0", "fd00::/8"))))
        .isEqualTo(
            "::-fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    assertThat(text(AddressFamily.IPV6, List.of(block("10.0.0.0/8")))).isEmpty();
  }

  @Test
  @DisplayName("Random blocks mean the addresses that they say, each once")
  void random() {
    RandomGenerator random = Seed.generator("address ranges");
    for (int i = 0; i < 2_000; i++) {
      List<Block> blocks = new ArrayList<>();
      for (int j = random.nextInt(5); j >= 0; j--) {
        Cidr cidr = cidr(random);
        List<Cidr> holes = new ArrayList<>();
        for (int k = random.nextInt(4); k > 0; k--) {
          Cidr hole = cidr(random);
          holes.add(hole);
        }
        blocks.add(new Block(cidr, holes));
      }
      List<AddressRange> ranges = AddressRange.union(AddressFamily.IPV4, blocks);
      for (int last = 0; last < 256; last++) {
        IpAddress address = new Ipv4Address(last);
        Bytes bytes = Bytes.of(address);
        long found =
            ranges.stream()
                .filter(range ->
                    range.first().compareTo(bytes) <= 0 && bytes.compareTo(range.last()) <= 0)
                .count();
        boolean wanted = blocks.stream().anyMatch(block -> block.contains(address));
        assertThat(found).as("%s in %s", address, blocks).isEqualTo(wanted ? 1 : 0);
      }
      for (int j = 1; j < ranges.size(); j++) {
        assertThat(ranges.get(j - 1).last().plusOne())
            .as("ranges of %s neither overlap nor touch", blocks)
            .isLessThan(ranges.get(j).first());
      }
    }
  }

  /** Among the first 256 addresses. */
  private static Cidr cidr(RandomGenerator random) {
    return new Cidr(new Ipv4Address(random.nextInt(256)), random.nextInt(24, 33));
  }
}
