package io.fairlead.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.AddressFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostSettingsTest {

  @TempDir private Path root;

  private Path setting(String path, String value) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, value);
  }

  private HostSettings settings() {
    return new HostSettings(
        root, new AdvertisedLinks(root.resolve("ipv6_route"), root.resolve("links")));
  }

  private Path acceptRa(String link, String value) throws IOException {
    return setting("net/ipv6/conf/" + link + "/accept_ra", value);
  }

  @Test
  @DisplayName("a link that learns its default route from routers goes on when the node forwards")
  void routersAreHeard() throws IOException {
    Path forwarding = setting("net/ipv6/conf/all/forwarding", "0\n");
    setting("net/bridge/bridge-nf-call-ip6tables", "1\n");
    Path routed = acceptRa("bond0.7", "1\n");
    Path silent = acceptRa("eth1", "1\n");
    List<Path> others =
        List.of(
            acceptRa("all", "1"),
            acceptRa("default", "1"),
            acceptRa("docker0", "1"),
            acceptRa("fairlead0", "1"),
            acceptRa("manual0", "1"));
    Path switchedOff = acceptRa("eth2", "0\n");
    for (String link : List.of("eth1", "eth2")) {
      Files.createDirectories(root.resolve("links/" + link + "/device"));
    }
    Files.writeString(
        root.resolve("ipv6_route"),
        route("00450003", "bond0.7") + route("00000003", "manual0") + route("00040001", "docker0"));
    HostSettings.Result result = settings().apply(EnumSet.of(AddressFamily.IPV6));
    assertThat(result.problems()).isEmpty();
    assertThat(result.changed())
        .as("forwarding last: turning it on removes what routers advertised")
        .containsExactly(
            "net.ipv6.conf.bond0/7.accept_ra = 2",
            "net.ipv6.conf.eth1.accept_ra = 2",
            "net.ipv6.conf.all.forwarding = 1");
    assertThat(routed).hasContent("2");
    assertThat(silent).hasContent("2");
    assertThat(others).allSatisfy(file -> assertThat(file).hasContent("1"));
    assertThat(switchedOff).hasContent("0");
    assertThat(forwarding).hasContent("1");
  }

  @Test
  void whatIsObservedIsNotChanged() throws IOException {
    Path forwarding = setting("net/ipv4/ip_forward", "0\n");
    Path bridge = setting("net/bridge/bridge-nf-call-iptables", "1\n");
    Comparison.Builder seen = new Comparison.Builder();
    HostSettings.Result result =
        settings().observed(seen).apply(EnumSet.of(AddressFamily.IPV4, AddressFamily.IPV6));
    assertThat(result.changed()).isEmpty();
    assertThat(result.problems()).hasSize(2).allSatisfy(one -> assertThat(one).contains("has no"));
    assertThat(seen.build().right()).containsExactly(Map.entry("settings", 1));
    assertThat(seen.build().differences())
        .containsExactly(
            Difference.different("settings", "net.ipv4.ip_forward = 1", "net.ipv4.ip_forward = 0"));
    assertThat(forwarding).hasContent("0");
    assertThat(bridge).hasContent("1");
  }

  /** A line of /proc/net/ipv6_route. */
  private static String route(String flags, String link) {
    String any = "0".repeat(32) + " 00 ";
    return any
        + any
        + "fe80"
        + "0".repeat(27)
        + "1 00000400 00000001 00000000 "
        + flags
        + "     "
        + link
        + "\n";
  }

  @Test
  @DisplayName("a node that forwards already is its administrator's to tell whom it hears")
  void forwardingAlready() throws IOException {
    setting("net/ipv6/conf/all/forwarding", "1");
    setting("net/bridge/bridge-nf-call-ip6tables", "1");
    Path link = acceptRa("eth0", "1");
    Files.writeString(root.resolve("ipv6_route"), route("00450003", "eth0"));
    assertThat(settings().apply(EnumSet.of(AddressFamily.IPV6)).changed()).isEmpty();
    assertThat(link).hasContent("1");
  }

  @Test
  @DisplayName("rather no forwarding than a node that loses its own default route")
  void unreadableRoutes() throws IOException {
    Path forwarding = setting("net/ipv6/conf/all/forwarding", "0");
    setting("net/bridge/bridge-nf-call-ip6tables", "1");
    acceptRa("eth0", "1");
    Files.writeString(root.resolve("ipv6_route"), "not a route with ten columns, is this one ?\n");
    HostSettings.Result result = settings().apply(EnumSet.of(AddressFamily.IPV6));
    assertThat(result.changed()).isEmpty();
    assertThat(result.problems()).singleElement().asString().contains("IPv6 is not forwarded");
    assertThat(forwarding).hasContent("0");
  }

  @Test
  @DisplayName("pods cannot advertise themselves; where no setting can be written it is said")
  void podsAreNoRouters() throws IOException {
    Path bridge = acceptRa("fairlead0", "1");
    assertThat(settings().ignoreRouters("fairlead0").changed())
        .containsExactly("net.ipv6.conf.fairlead0.accept_ra = 0");
    assertThat(bridge).hasContent("0");
    assertThat(settings().ignoreRouters("fairlead0").changed()).isEmpty();
    assertThat(settings().ignoreRouters("missing0").problems()).isEmpty();

    Files.createDirectories(root.resolve("net/ipv6/conf/fixed0/accept_ra"));
    assertThat(settings().ignoreRouters("fixed0").problems())
        .singleElement()
        .asString()
        .contains("a pod can make itself", "sysctl -w net.ipv6.conf.fixed0.accept_ra=0");
    setting("net/ipv6/conf/fixed0/forwarding", "1");
    assertThat(settings().ignoreRouters("fixed0").problems()).isEmpty();
  }

  @Test
  @DisplayName("127.0.0.1 is routed to pods through their bridge alone (pod-network 37)")
  void loopbackOfTheBridge() throws IOException {
    Path bridge = setting("net/ipv4/conf/fairlead0/route_localnet", "0");
    Path all = setting("net/ipv4/conf/all/route_localnet", "0");
    assertThat(settings().routeLoopback("fairlead0").changed())
        .containsExactly("net.ipv4.conf.fairlead0.route_localnet = 1");
    assertThat(bridge).hasContent("1");
    assertThat(all).hasContent("0");
    assertThat(settings().routeLoopback("fairlead0").changed()).isEmpty();
    assertThat(settings().routeLoopback("missing0").problems()).isEmpty();
  }

  @Test
  void onlyWhatDiffersIsWritten() throws IOException {
    Path forward = setting("net/ipv4/ip_forward", "0\n");
    setting("net/bridge/bridge-nf-call-iptables", "1\n");
    HostSettings.Result result = settings().apply(EnumSet.of(AddressFamily.IPV4));
    assertThat(result.changed()).containsExactly("net.ipv4.ip_forward = 1");
    assertThat(result.problems()).isEmpty();
    assertThat(forward).hasContent("1");
  }

  @Test
  @DisplayName("a kernel without br_netfilter is named with the mend (pod-network 34)")
  void absentSettingsAreNamed() throws IOException {
    setting("net/ipv6/conf/all/forwarding", "1");
    assertThat(settings().apply(EnumSet.of(AddressFamily.IPV6)).problems())
        .singleElement()
        .asString()
        .contains("bridge-nf-call-ip6tables", "br_netfilter");
  }

  @Test
  void aSettingThatCannotBeWrittenIsAProblemAndNotAnException() throws IOException {
    Files.createDirectories(root.resolve("net/ipv4/ip_forward"));
    setting("net/bridge/bridge-nf-call-iptables", "0");
    HostSettings.Result result = settings().apply(EnumSet.of(AddressFamily.IPV4));
    assertThat(result.problems())
        .singleElement()
        .asString()
        .contains("sysctl -w net.ipv4.ip_forward=1");
    assertThat(result.changed()).containsExactly("net.bridge.bridge-nf-call-iptables = 1");
  }

  @Test
  @DisplayName("IPVS works with connection tracking and lets go; ARP is strict only if asked for")
  void ipvs() throws IOException {
    Path conntrack = setting("net/ipv4/vs/conntrack", "0\n");
    Path gone = setting("net/ipv4/vs/expire_nodest_conn", "0\n");
    Path leaving = setting("net/ipv4/vs/expire_quiescent_template", "1\n");
    Path ignore = setting("net/ipv4/conf/all/arp_ignore", "0\n");
    Path announce = setting("net/ipv4/conf/all/arp_announce", "0\n");
    assertThat(settings().applyIpvs(false).changed())
        .containsExactly("net.ipv4.vs.conntrack = 1", "net.ipv4.vs.expire_nodest_conn = 1");
    assertThat(List.of(conntrack, gone, leaving))
        .allSatisfy(file -> assertThat(file).hasContent("1"));
    assertThat(ignore).hasContent("0");

    HostSettings.Result strict = settings().applyIpvs(true);
    assertThat(strict.changed())
        .containsExactly("net.ipv4.conf.all.arp_ignore = 1", "net.ipv4.conf.all.arp_announce = 2");
    assertThat(strict.problems()).isEmpty();
    assertThat(ignore).hasContent("1");
    assertThat(announce).hasContent("2");
  }

  @Test
  @DisplayName("a kernel whose IPVS does not know connection tracking is named (faults 25)")
  void ipvsWithoutConntrack() throws IOException {
    setting("net/ipv4/vs/expire_nodest_conn", "1\n");
    setting("net/ipv4/vs/expire_quiescent_template", "1\n");
    assertThat(settings().applyIpvs(false).problems())
        .containsExactly(
            "this kernel has no net.ipv4.vs.conntrack (it needs CONFIG_IP_VS_NFCT): the answers to"
                + " masqueraded clients of Services are lost");
  }
}
