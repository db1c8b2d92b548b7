package io.fairlead.ipvs.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.route.FakeRouteKernel;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** services 54 */
class VirtualAddressRoutesTest {

  private final FakeRouteKernel kernel = new FakeRouteKernel();
  private final int eth0 = kernel.addDevice("eth0", MacAddress.parse("0a:00:00:00:00:01"), 1500);
  private final List<LinkAddress> bound = new ArrayList<>();
  private final VirtualAddressRoutes routes = new VirtualAddressRoutes(kernel);

  @BeforeEach
  void prepare() throws Exception {
    bind("192.0.2.1/24");
    bind("fd00::1/64");
    kernel.takeApplied();
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  private static List<Cidr> cidrs(String... texts) {
    return Stream.of(texts).map(Cidr::parse).toList();
  }

  private LinkAddress parsed(String text) {
    String address = text.substring(0, text.indexOf('/'));
    return LinkAddress.of(eth0, ip(address), Cidr.parse(text).prefixLength());
  }

  private void bind(String address) throws IOException {
    kernel.applyAll(new RouteOperation.Add(parsed(address)));
    bound.add(parsed(address));
    tellAddresses();
  }

  private void unbind(String address) throws IOException {
    kernel.applyAll(new RouteOperation.Delete(parsed(address)));
    bound.remove(parsed(address));
    tellAddresses();
  }

  private void tellAddresses() {
    routes.nodeAddresses(new InterfaceAddresses(bound, 0), List.of(ip("192.0.2.1")));
  }

  private void assertCommit(String... operations) throws Exception {
    assertThat(routes.commit()).containsExactly(operations);
    assertThat(routes.isPending()).isFalse();
    assertThat(routes.commit()).isEmpty();
    assertThat(routes.synchronize()).isEmpty();
    kernel.takeApplied();
  }

  private static String local(String destination, String source) {
    boolean v4 = destination.indexOf(':') < 0;
    return "route local "
        + destination
        + " dev 1"
        + (source.isEmpty() ? "" : " src " + source)
        + " table 255 proto 102"
        + (v4 ? " scope 254" : "");
  }

  private Route only(String destination) {
    return kernel.routes(RouteFilter.ALL).stream()
        .filter(route -> route.destination().equals(Cidr.parse(destination)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void oneRouteHasAllClusterIpsAndOthersHaveOneEach() throws Exception {
    routes.settings(cidrs("10.96.0.0/16", "fd00:96::/112"));
    routes.want(ip("10.96.0.1"));
    routes.want(ip("203.0.113.7"));
    routes.want(ip("2001:db8::7"));
    assertCommit(
        "add " + local("10.96.0.0/16", "192.0.2.1"),
        "add " + local("203.0.113.7/32", "192.0.2.1"),
        "add " + local("2001:db8::7/128", "fd00::1"),
        "add " + local("fd00:96::/112", "fd00::1"));
    routes.want(ip("10.96.0.2"));
    routes.unwant(ip("10.96.0.1"));
    assertCommit();
  }

  @Test
  void anAddressStaysUntilNobodyWantsIt() throws Exception {
    routes.want(ip("203.0.113.7"));
    routes.want(ip("203.0.113.7"));
    assertCommit("add " + local("203.0.113.7/32", "192.0.2.1"));
    routes.unwant(ip("203.0.113.7"));
    assertCommit();
    routes.unwant(ip("203.0.113.7"));
    assertCommit("delete " + local("203.0.113.7/32", "192.0.2.1"));
    assertThatThrownBy(() -> routes.unwant(ip("203.0.113.7")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatCancelsItselfCostsNothing() throws Exception {
    assertCommit();
    routes.want(ip("203.0.113.7"));
    routes.unwant(ip("203.0.113.7"));
    assertThat(routes.commit()).isEmpty();
    assertThat(kernel.takeApplied()).isEmpty();
  }

  @Test
  void anAddressOfAnInterfaceIsLeftToIt() throws Exception {
    bind("203.0.113.7/32");
    kernel.takeApplied();
    routes.want(ip("203.0.113.7"));
    assertCommit();
    unbind("203.0.113.7/32");
    assertCommit("add " + local("203.0.113.7/32", "192.0.2.1"));
    bind("203.0.113.7/32");
    assertCommit("delete " + local("203.0.113.7/32", "192.0.2.1"));
    routes.unwant(ip("203.0.113.7"));
    assertCommit();
  }

  @Test
  void aTentativeAddressIsAnInterfacesAlready() throws Exception {
    routes.want(ip("2001:db8::7"));
    assertCommit("add " + local("2001:db8::7/128", "fd00::1"));
    bound.add(parsed("2001:db8::7/64").withFlags(LinkAddress.TENTATIVE));
    tellAddresses();
    assertCommit("delete " + local("2001:db8::7/128", "fd00::1"));
  }

  @Test
  void aSourceThatGoesIsReplaced() throws Exception {
    routes.settings(cidrs("10.96.0.0/16"));
    routes.want(ip("203.0.113.7"));
    routes.want(ip("2001:db8::7"));
    routes.commit();
    bind("192.0.2.2/24");
    unbind("192.0.2.1/24");
    assertCommit(
        "replace " + local("10.96.0.0/16", "192.0.2.2"),
        "replace " + local("203.0.113.7/32", "192.0.2.2"));
    unbind("192.0.2.2/24");
    unbind("fd00::1/64");
    assertCommit(
        "replace " + local("10.96.0.0/16", ""),
        "replace " + local("203.0.113.7/32", ""),
        "replace " + local("2001:db8::7/128", ""));
  }

  @Test
  void anotherServiceCidrMovesItsAddresses() throws Exception {
    routes.want(ip("10.97.0.1"));
    assertCommit("add " + local("10.97.0.1/32", "192.0.2.1"));
    routes.settings(cidrs("10.97.0.0/16"));
    assertCommit(
        "add " + local("10.97.0.0/16", "192.0.2.1"),
        "delete " + local("10.97.0.1/32", "192.0.2.1"));
    routes.settings(List.of());
    assertCommit(
        "add " + local("10.97.0.1/32", "192.0.2.1"),
        "delete " + local("10.97.0.0/16", "192.0.2.1"));
  }

  @Test
  void aServiceCidrThatHoldsTheNodesNetworkIsNotRoutedWhole() throws Exception {
    routes.settings(cidrs("192.0.0.0/16"));
    routes.want(ip("192.0.9.9"));
    assertCommit("add " + local("192.0.9.9/32", "192.0.2.1"));
    assertThat(routes.problems())
        .containsExactly(
            "The service CIDR 192.0.0.0/16 overlaps the network 192.0.2.0/24 of an interface of"
                + " this node; only the addresses of Services are routed. Correct service-cidr");
    unbind("192.0.2.1/24");
    bind("198.51.100.1/24");
    assertCommit(
        "add " + local("192.0.0.0/16", "198.51.100.1"),
        "delete " + local("192.0.9.9/32", "192.0.2.1"));
    assertThat(routes.problems()).isEmpty();
  }

  /** services 41 */
  @Test
  void aRestartChangesOnlyWhatDiffers() throws Exception {
    kernel.applyAll(
        new RouteOperation.Add(LocalRoutes.route(Cidr.parse("10.96.0.0/16"), ip("192.0.2.1"))),
        new RouteOperation.Add(LocalRoutes.route(Cidr.parse("203.0.113.7/32"), null)),
        new RouteOperation.Add(LocalRoutes.route(Cidr.parse("203.0.113.8/32"), null)),
        new RouteOperation.Add(
            LocalRoutes.route(Cidr.parse("203.0.113.9/32"), null)
                .withProtocol(Route.PROTOCOL_STATIC)));
    routes.settings(cidrs("10.96.0.0/16"));
    routes.want(ip("203.0.113.7"));
    assertCommit(
        "replace " + local("203.0.113.7/32", "192.0.2.1"), "delete " + local("203.0.113.8/32", ""));
  }

  @Test
  void whatSomebodyDeletesComesBack() throws Exception {
    routes.want(ip("203.0.113.7"));
    routes.commit();
    Route route = only("203.0.113.7/32");
    assertThat(routes.notice(new RouteEvent.Changed(route))).isFalse();
    kernel.applyAll(new RouteOperation.Delete(route));
    assertThat(routes.notice(new RouteEvent.Deleted(route))).isTrue();
    assertCommit("add " + local("203.0.113.7/32", "192.0.2.1"));
  }

  @Test
  void whatSomebodyChangesIsPutRight() throws Exception {
    routes.want(ip("203.0.113.7"));
    routes.commit();
    Route other = LocalRoutes.route(Cidr.parse("203.0.113.7/32"), null);
    kernel.applyAll(new RouteOperation.Replace(other));
    assertThat(routes.notice(new RouteEvent.Changed(other))).isTrue();
    assertCommit("replace " + local("203.0.113.7/32", "192.0.2.1"));
  }

  @Test
  void anotherOnesRouteToTheAddressIsLeftAndFollowed() throws Exception {
    Route foreign =
        LocalRoutes.route(Cidr.parse("203.0.113.7/32"), null).withProtocol(Route.PROTOCOL_STATIC);
    kernel.applyAll(new RouteOperation.Add(foreign));
    routes.want(ip("203.0.113.7"));
    assertThat(routes.commit()).isEmpty();
    assertThat(routes.isPending()).isFalse();
    kernel.applyAll(new RouteOperation.Delete(foreign));
    assertThat(routes.notice(new RouteEvent.Deleted(foreign))).isTrue();
    assertCommit("add " + local("203.0.113.7/32", "192.0.2.1"));
  }

  /** services 42 */
  @Test
  void aRefusalIsFollowedByALookAtTheKernel() throws Exception {
    routes.commit();
    routes.want(ip("203.0.113.7"));
    kernel.applyAll(new RouteOperation.Delete(parsed("192.0.2.1/24")));
    assertThatThrownBy(routes::commit).isInstanceOf(NetlinkException.class);
    assertThat(routes.isPending()).isTrue();
    bound.remove(parsed("192.0.2.1/24"));
    tellAddresses();
    assertCommit("add " + local("203.0.113.7/32", ""));
  }

  /** faults 11 */
  @Test
  void lostEventsMakeItLook() throws Exception {
    routes.want(ip("203.0.113.7"));
    routes.commit();
    kernel.applyAll(new RouteOperation.Delete(only("203.0.113.7/32")));
    assertThat(routes.notice(new RouteEvent.Overrun())).isTrue();
    assertCommit("add " + local("203.0.113.7/32", "192.0.2.1"));
  }

  @Test
  void removalLeavesWhatIsNotOurs() throws Exception {
    Route foreign =
        LocalRoutes.route(Cidr.parse("203.0.113.9/32"), null).withProtocol(Route.PROTOCOL_STATIC);
    kernel.applyAll(new RouteOperation.Add(foreign));
    routes.want(ip("203.0.113.7"));
    routes.commit();
    assertThat(routes.remove()).containsExactly("delete " + local("203.0.113.7/32", "192.0.2.1"));
    assertThat(kernel.routes(RouteFilter.ALL)).containsExactly(foreign);
    assertCommit("add " + local("203.0.113.7/32", "192.0.2.1"));
    assertThat(VirtualAddressRoutes.cleanup(kernel))
        .containsExactly("delete " + local("203.0.113.7/32", "192.0.2.1"));
  }

  @Test
  @DisplayName("An address that went and came back at once took routes along (services 54)")
  void sourceFlaps() throws Exception {
    routes.want(ip("10.96.0.10"));
    routes.commit();
    assertThat(routes.notice(new RouteEvent.Deleted(parsed("192.0.2.9/24")))).isFalse();
    assertThat(routes.notice(new RouteEvent.Deleted(parsed("192.0.2.1/24")))).isTrue();
    assertThat(routes.isPending()).isTrue();
    for (Route route : kernel.routes(RouteFilter.ALL.withProtocol(Route.PROTOCOL_FAIRLEAD))) {
      kernel.applyAll(new RouteOperation.Delete(route));
    }
    tellAddresses();
    assertThat(routes.commit()).hasSize(1);
    assertThat(routes.isPending()).isFalse();
  }
}
