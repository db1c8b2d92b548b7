package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.mark;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.persistent;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.real;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.sctp;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.server;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.tcp;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the kernel and its imitation have in common: effects, order, refusals. */
abstract class IpvsContract {

  static final VirtualServerId DNS = udp("10.96.0.10", 53);
  static final VirtualServerId DNS_TCP = tcp("10.96.0.10", 53);
  static final VirtualServerId WEB_V6 = tcp("fd00:96::a", 443);
  static final VirtualServerId MARK = mark(AddressFamily.IPV4, 0x46000001);
  static final VirtualServerId UNKNOWN = tcp("10.96.0.99", 1);

  static final RealServer ONE = real("10.244.1.1", 5353, 1);
  static final RealServer TWO = real("10.244.1.2", 5353, 100);

  abstract IpvsKernel kernel();

  private void apply(IpvsOperation... operations) throws IOException {
    assertThat(refusals(operations)).isEmpty();
  }

  /** "errno text of operation" for each that failed. */
  private List<String> refusals(IpvsOperation... operations) throws IOException {
    return kernel().apply(List.of(operations)).stream()
        .map(failure ->
            Errno.describe(failure.cause().errno()).replaceFirst(" .*", "")
                + " "
                + failure.operation())
        .toList();
  }

  private void assertRefused(String errno, IpvsOperation operation) throws IOException {
    String before = text();
    assertThat(refusals(operation)).containsExactly(errno + " " + operation);
    assertThat(text()).isEqualTo(before);
  }

  private List<VirtualServer> virtualServers() throws IOException {
    return kernel().virtualServers().stream().map(VirtualServerStatus::server).toList();
  }

  private List<RealServer> realServers(VirtualServerId id) throws IOException {
    return kernel().realServers(id).stream().map(RealServerStatus::server).toList();
  }

  private String text() throws IOException {
    StringBuilder text = new StringBuilder();
    for (VirtualServer server : virtualServers()) {
      text.append(server).append(realServers(server.id())).append('\n');
    }
    return text.toString();
  }

  private static IpvsOperation add(VirtualServer server) {
    return new IpvsOperation.AddVirtualServer(server);
  }

  private static IpvsOperation add(VirtualServerId id, RealServer server) {
    return new IpvsOperation.AddRealServer(id, server);
  }

  private static IpvsOperation change(VirtualServerId id, RealServer server) {
    return new IpvsOperation.ChangeRealServer(id, server);
  }

  private static IpvsOperation delete(VirtualServerId id, RealServer server) {
    return new IpvsOperation.DeleteRealServer(id, server.id());
  }

  @Test
  void whatIsAddedIsThere() throws IOException {
    VirtualServer[] servers = {
      server(DNS, "rr"),
      server(DNS_TCP, "wlc"),
      persistent(sctp("10.96.0.11", 5000), "sh", 60, SchedulerFlag.FLAG_2),
      persistent(WEB_V6, "mh", 10800, SchedulerFlag.FLAG_1, SchedulerFlag.FLAG_2),
      server(udp("fd00:96::a", 53), "lc"),
      persistent(tcp("10.96.0.12", 0), "rr", 1),
      server(MARK, "rr"),
      server(mark(AddressFamily.IPV6, 0x46000001), "rr"),
      server(mark(AddressFamily.IPV4, 0xffffffff), "rr", SchedulerFlag.FLAG_3),
    };
    apply(Arrays.stream(servers).map(IpvsContract::add).toArray(IpvsOperation[]::new));
    assertThat(virtualServers()).containsExactlyInAnyOrder(servers);
    for (VirtualServerStatus status : kernel().virtualServers()) {
      assertThat(status.statistics()).isEqualTo(IpvsStatistics.NONE);
    }
  }

  @Test
  void realServersOfEveryMethodAreThere() throws IOException {
    apply(add(server(DNS, "rr")), add(server(WEB_V6, "rr")), add(server(MARK, "rr")));
    RealServer[] v4 = {
      ONE,
      real("10.244.1.1", 5354, 0),
      real("10.244.1.2", 0, 65535),
      real("10.244.1.3", 53, 1, ForwardingMethod.LOCAL),
      real("10.244.1.4", 53, 1, ForwardingMethod.TUNNEL),
      real("10.244.1.5", 53, 1, ForwardingMethod.DIRECT_ROUTING),
      real("10.244.1.6", 53, 1, ForwardingMethod.BYPASS),
    };
    RealServer v6 = real("fd00:244::1", 8443, Integer.MAX_VALUE);
    for (RealServer each : v4) {
      apply(add(DNS, each), add(MARK, each));
    }
    apply(add(WEB_V6, v6));
    assertThat(realServers(DNS)).containsExactlyInAnyOrder(v4);
    assertThat(realServers(MARK)).containsExactlyInAnyOrder(v4);
    assertThat(kernel().realServers(WEB_V6))
        .containsExactly(new RealServerStatus(v6, 0, 0, 0, IpvsStatistics.NONE));
  }

  @Test
  void aVirtualServerIsChangedAndKeepsItsRealServers() throws IOException {
    apply(add(server(WEB_V6, "rr")), add(WEB_V6, real("fd00:244::1", 80, 1)));
    for (VirtualServer each :
        List.of(
            persistent(WEB_V6, "rr", 10800),
            persistent(WEB_V6, "sh", 60, SchedulerFlag.FLAG_1),
            server(WEB_V6, "sh", SchedulerFlag.FLAG_2),
            server(WEB_V6, "mh"))) {
      apply(new IpvsOperation.ChangeVirtualServer(each));
      assertThat(virtualServers()).containsExactly(each);
    }
    assertThat(realServers(WEB_V6)).containsExactly(real("fd00:244::1", 80, 1));
  }

  @Test
  void aRealServerIsChangedAndDeleted() throws IOException {
    apply(add(server(DNS, "rr")), add(DNS, ONE), add(DNS, TWO));
    RealServer drained = real("10.244.1.1", 5353, 0);
    apply(change(DNS, drained));
    assertThat(realServers(DNS)).containsExactlyInAnyOrder(drained, TWO);
    RealServer direct = real("10.244.1.1", 5353, 7, ForwardingMethod.DIRECT_ROUTING);
    apply(change(DNS, direct));
    assertThat(realServers(DNS)).containsExactlyInAnyOrder(direct, TWO);
    apply(delete(DNS, direct));
    assertThat(realServers(DNS)).containsExactly(TWO);
  }

  @Test
  void realServersGoWithTheirVirtualServer() throws IOException {
    apply(add(server(DNS, "rr")), add(DNS, ONE), add(server(DNS_TCP, "rr")), add(DNS_TCP, TWO));
    apply(new IpvsOperation.DeleteVirtualServer(DNS));
    assertThat(virtualServers()).containsExactly(server(DNS_TCP, "rr"));
    assertThat(realServers(DNS)).isEmpty();
    assertThat(realServers(DNS_TCP)).containsExactly(TWO);
    apply(add(server(DNS, "rr")));
    assertThat(realServers(DNS)).isEmpty();
  }

  @Test
  void whatIsThereIsNotAddedAgain() throws IOException {
    apply(add(server(DNS, "rr")), add(DNS, ONE));
    assertRefused("EEXIST", add(server(DNS, "wrr")));
    assertRefused("EEXIST", add(server(DNS, "unknown")));
    assertRefused("EEXIST", add(DNS, real("10.244.1.1", 5353, 5)));
  }

  @Test
  void whatIsNotThereIsNotChanged() throws IOException {
    apply(add(server(DNS, "rr")), add(DNS, ONE));
    assertRefused("ESRCH", new IpvsOperation.ChangeVirtualServer(server(UNKNOWN, "rr")));
    assertRefused("ESRCH", new IpvsOperation.ChangeVirtualServer(server(UNKNOWN, "unknown")));
    assertRefused("ESRCH", new IpvsOperation.DeleteVirtualServer(UNKNOWN));
    assertRefused("ESRCH", new IpvsOperation.DeleteVirtualServer(DNS_TCP));
    assertRefused("ESRCH", new IpvsOperation.DeleteVirtualServer(MARK));
    assertRefused("ESRCH", add(UNKNOWN, ONE));
    assertRefused("ESRCH", change(UNKNOWN, ONE));
    assertRefused("ESRCH", delete(UNKNOWN, ONE));
    assertRefused("ENOENT", change(DNS, TWO));
    assertRefused("ENOENT", delete(DNS, TWO));
    assertRefused("ENOENT", delete(DNS, real("10.244.1.1", 5354, 1)));
  }

  @Test
  void anUnknownSchedulerIsRefused() throws IOException {
    apply(add(server(DNS, "rr")));
    assertRefused("ENOENT", add(server(DNS_TCP, "unknown")));
    assertRefused("ENOENT", add(server(DNS_TCP, "")));
    assertRefused("ENOENT", new IpvsOperation.ChangeVirtualServer(server(DNS, "unknown")));
  }

  @Test
  void theNameOfASchedulerHasAtMost15Characters() throws IOException {
    apply(add(server(DNS, "rr")));
    assertRefused("ENOENT", add(server(DNS_TCP, "fifteen-letters")));
    assertRefused("EINVAL", add(server(DNS_TCP, "sixteen--letters")));
    assertRefused("EINVAL", add(server(DNS, "sixteen--letters")));
    assertRefused(
        "EINVAL", new IpvsOperation.ChangeVirtualServer(server(UNKNOWN, "sixteen--letters")));
  }

  @Test
  void familiesMixOnlyInTunnels() throws IOException {
    apply(add(server(DNS, "rr")));
    RealServer v6 = real("fd00:244::1", 53, 1);
    assertRefused("EINVAL", add(DNS, v6));
    assertRefused("EINVAL", change(DNS, v6));
    assertRefused("ENOENT", delete(DNS, v6));
    RealServer tunnel = real("fd00:244::1", 53, 1, ForwardingMethod.TUNNEL);
    apply(add(DNS, tunnel));
    assertThat(realServers(DNS)).containsExactly(tunnel);
    apply(delete(DNS, tunnel));
    assertThat(realServers(DNS)).isEmpty();
  }

  @Test
  @DisplayName("operations apply in order, and one that fails stops no other")
  void aFailureStopsNoOther() throws IOException {
    assertThat(
            refusals(
                add(DNS, ONE),
                add(server(DNS, "rr")),
                add(DNS, ONE),
                add(server(DNS, "rr")),
                delete(DNS, TWO),
                add(DNS, TWO),
                delete(DNS, ONE),
                delete(DNS, ONE)))
        .containsExactly(
            "ESRCH " + add(DNS, ONE),
            "EEXIST " + add(server(DNS, "rr")),
            "ENOENT " + delete(DNS, TWO),
            "ENOENT " + delete(DNS, ONE));
    assertThat(virtualServers()).containsExactly(server(DNS, "rr"));
    assertThat(realServers(DNS)).containsExactly(TWO);
    assertThat(refusals()).isEmpty();
  }

  @Test
  void timeoutsOfZeroStay() throws IOException {
    assertThat(kernel().timeouts()).isEqualTo(new IpvsTimeouts(900, 120, 300));
    kernel().timeouts(new IpvsTimeouts(0, 30, 0));
    assertThat(kernel().timeouts()).isEqualTo(new IpvsTimeouts(900, 30, 300));
    kernel().timeouts(new IpvsTimeouts(3600, 60, 10));
    assertThat(kernel().timeouts()).isEqualTo(new IpvsTimeouts(3600, 60, 10));
  }

  @Test
  void aFreshNamespaceHasNothing() throws IOException {
    assertThat(kernel().virtualServers()).isEmpty();
    assertThat(kernel().daemons()).isEmpty();
    assertThat(kernel().info().version()).isEqualTo("1.2.1");
    assertThat(kernel().info().connectionTableSize()).isNotNegative();
    apply(add(server(DNS, "rr")));
    assertThat(kernel().info().connectionTableSize()).isPositive();
  }
}
