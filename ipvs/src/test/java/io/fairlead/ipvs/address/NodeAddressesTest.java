package io.fairlead.ipvs.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.route.FakeRouteKernel;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** services 36 */
class NodeAddressesTest {

  private final FakeRouteKernel kernel = new FakeRouteKernel();
  private final int eth0 = kernel.addDevice("eth0", MacAddress.parse("0a:00:00:00:00:01"), 1500);
  private final NodeAddresses addresses = new NodeAddresses(kernel);

  private LinkAddress on(int link, String address) {
    return LinkAddress.of(link, IpAddress.parse(address), 32);
  }

  private void assertUsable(String... expected) throws Exception {
    assertThat(addresses.current().usable())
        .containsExactlyElementsOf(Stream.of(expected).map(IpAddress::parse).toList());
  }

  @Test
  void theyAreReadOnceAndThenFollowed() throws Exception {
    kernel.applyAll(new RouteOperation.Add(on(eth0, "192.0.2.1")));
    assertUsable("192.0.2.1");

    kernel.applyAll(new RouteOperation.Add(on(eth0, "192.0.2.2")));
    assertUsable("192.0.2.1");
    assertThat(addresses.notice(new RouteEvent.Changed(on(eth0, "192.0.2.2")))).isTrue();
    assertUsable("192.0.2.1", "192.0.2.2");
    assertThat(addresses.notice(new RouteEvent.Deleted(on(eth0, "192.0.2.1")))).isTrue();
    assertUsable("192.0.2.2");
  }

  @Test
  void anEventThatChangesNothingIsNoNews() throws Exception {
    kernel.applyAll(new RouteOperation.Add(on(eth0, "192.0.2.1")));
    LinkAddress known = addresses.current().all().getFirst();
    assertThat(addresses.notice(new RouteEvent.Changed(known))).isFalse();
    assertThat(addresses.notice(new RouteEvent.Deleted(on(eth0, "192.0.2.9")))).isFalse();
  }

  @Test
  void anAddressBecomesUsableWhenItIsNoLongerTentative() throws Exception {
    addresses.current();
    LinkAddress tentative =
        LinkAddress.of(eth0, IpAddress.parse("fd00::1"), 64).withFlags(LinkAddress.TENTATIVE);
    assertThat(addresses.notice(new RouteEvent.Changed(tentative))).isTrue();
    assertUsable();
    assertThat(addresses.notice(new RouteEvent.Changed(tentative.withFlags(0)))).isTrue();
    assertUsable("fd00::1");
  }

  /** faults 11 */
  @Test
  void lostEventsMakeItReadAgain() throws Exception {
    assertUsable();
    kernel.applyAll(new RouteOperation.Add(on(eth0, "192.0.2.1")));
    assertThat(addresses.notice(new RouteEvent.Overrun())).isTrue();
    assertUsable("192.0.2.1");
  }

  @Test
  void whatKubeProxyBoundIsNotTheNodes() throws Exception {
    kernel.applyAll(
        new RouteOperation.AddLink(
            "kube-ipvs0", LinkKind.Bridge.DEFAULT, LinkSettings.NONE.withUp(true)));
    var device = Objects.requireNonNull(kernel.link("kube-ipvs0"));
    kernel.applyAll(new RouteOperation.Add(on(device.index(), "10.96.0.1")));
    assertUsable();
    assertThat(addresses.current().held()).contains(IpAddress.parse("10.96.0.1"));
    assertThat(addresses.notice(new RouteEvent.Deleted(device))).isTrue();
  }
}
