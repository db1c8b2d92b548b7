package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh namespace with a socket in it, and the shortest way to write addresses. */
abstract class RouteKernelTestBase {

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  TestNamespace namespace;
  RouteSocket kernel;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("route-test");
    kernel = namespace.call(RouteSocket::open);
  }

  @AfterEach
  void close() {
    kernel.close();
    namespace.close();
    descriptors.assertNoneAdded();
  }

  static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  static Cidr cidr(String text) {
    return Cidr.parse(text);
  }

  static MacAddress mac(String text) {
    return MacAddress.parse(text);
  }

  /** The link of that name, which must be there. */
  Link link(String name) throws Exception {
    Link link = kernel.link(name);
    assertThat(link).as("link " + name).isNotNull();
    return link;
  }

  /** A bridge that is up, with an address: somewhere for routes to lead. */
  int bridge(String name, String address) throws Exception {
    kernel.applyAll(
        new RouteOperation.AddLink(name, LinkKind.Bridge.DEFAULT, LinkSettings.NONE.withUp(true)));
    int index = link(name).index();
    Cidr network = cidr(address);
    String host = address.substring(0, address.indexOf('/'));
    kernel.applyAll(
        new RouteOperation.Add(LinkAddress.of(index, ip(host), network.prefixLength())));
    return index;
  }
}
