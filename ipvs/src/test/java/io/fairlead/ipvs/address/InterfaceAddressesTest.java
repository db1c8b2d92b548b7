package io.fairlead.ipvs.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InterfaceAddressesTest {

  private static final int SECONDARY = 1;
  private static final int DEPRECATED = 0x20;

  private static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  private static List<IpAddress> ips(String... texts) {
    return Stream.of(texts).map(IpAddress::parse).toList();
  }

  private static LinkAddress address(int link, String text, int length, int flags) {
    return new LinkAddress(link, ip(text), length, 0, flags, 0);
  }

  private static LinkAddress address(int link, String text, int length) {
    return address(link, text, length, 0);
  }

  private static InterfaceAddresses of(LinkAddress... all) {
    return new InterfaceAddresses(List.of(all), 9);
  }

  @Test
  void usableAreThoseThatPacketsArriveFor() {
    InterfaceAddresses addresses =
        of(
            address(1, "127.0.0.1", 8).withScope(254),
            address(1, "::1", 128).withScope(254),
            address(1, "203.0.113.5", 32),
            address(2, "192.0.2.1", 24),
            address(3, "192.0.2.1", 24),
            address(2, "fe80::1", 64).withScope(253),
            address(2, "fd00::1", 64),
            address(2, "fd00::2", 64, LinkAddress.TENTATIVE),
            address(9, "10.96.0.1", 32));
    assertThat(addresses.usable()).isEqualTo(ips("192.0.2.1", "203.0.113.5", "fd00::1"));
    assertThat(addresses.held()).contains(ip("fd00::2"), ip("10.96.0.1"), ip("127.0.0.1"));
    assertThat(addresses.networks())
        .containsExactly(
            Cidr.parse("127.0.0.0/8"),
            Cidr.parse("192.0.2.0/24"),
            Cidr.parse("fe80::/64"),
            Cidr.parse("fd00::/64"));
  }

  @Test
  void theSourceIsTheNodesAddressIfAnInterfaceHasIt() {
    InterfaceAddresses addresses =
        of(address(2, "192.0.2.1", 24), address(3, "198.51.100.1", 24), address(3, "fd00::1", 64));
    assertThat(addresses.source(AddressFamily.IPV4, ips("198.51.100.9", "fd00::1", "198.51.100.1")))
        .isEqualTo(ip("198.51.100.1"));
    assertThat(addresses.source(AddressFamily.IPV6, ips("198.51.100.1"))).isEqualTo(ip("fd00::1"));
  }

  @Test
  void elseAPrimaryOneThatLasts() {
    InterfaceAddresses addresses =
        of(
            address(1, "127.0.0.1", 8).withScope(254),
            address(2, "192.0.2.1", 24, SECONDARY),
            address(3, "192.0.2.2", 24),
            address(2, "fd00::1", 64, DEPRECATED),
            address(2, "fd00::2", 64, LinkAddress.TENTATIVE),
            address(2, "fd00::3", 64));
    assertThat(addresses.source(AddressFamily.IPV4, List.of())).isEqualTo(ip("192.0.2.2"));
    assertThat(addresses.source(AddressFamily.IPV6, List.of())).isEqualTo(ip("fd00::3"));
  }

  @Test
  void noneIfNoInterfaceHasOneOfTheFamily() {
    InterfaceAddresses addresses =
        of(address(2, "fe80::1", 64).withScope(253), address(9, "10.96.0.1", 32));
    assertThat(addresses.source(AddressFamily.IPV4, ips("10.96.0.1"))).isNull();
    assertThat(addresses.source(AddressFamily.IPV6, ips("fe80::1"))).isNull();
  }
}
