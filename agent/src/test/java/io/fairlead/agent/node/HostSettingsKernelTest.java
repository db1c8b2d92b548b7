package io.fairlead.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.Eventually;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.testing.TestNamespace;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A host that has its IPv6 default route from a router's advertisements begins to forward. */
class HostSettingsKernelTest {

  /** A router advertisement (RFC 4861 section 4.2) with a lifetime of 1800 s, to all nodes. */
  private static final String ADVERTISE =
      """
      use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6);
      socket(my $s, AF_INET6, SOCK_RAW, 58) or die "socket: $!";
      for my $hops (16, 18) { setsockopt($s, 41, $hops, pack("i", 255)) or die "hops: $!"; }
      setsockopt($s, 41, 17, pack("I", $ARGV[0])) or die "interface: $!";
      my $all = pack_sockaddr_in6(0, inet_pton(AF_INET6, "ff02::1"), $ARGV[0]);
      send($s, pack("CCnCCnNN", 134, 0, 0, 64, 0, 1800, 0, 0), 0, $all) or die "send: $!";
      """;

  @Test
  @DisplayName("the default route stays, and further advertisements are heard")
  void routeStays() throws Exception {
    try (TestNamespace host = TestNamespace.create("host");
        TestNamespace router = TestNamespace.create("router")) {
      for (TestNamespace namespace : new TestNamespace[] {host, router}) {
        namespace.run("sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0");
        namespace.run("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0");
      }
      ip(host, "link add docker0 up type bridge");
      Path target = router.namespace().path();
      ip(host, "link add eth0 type veth peer name lan0 netns " + target);
      ip(host, "link set eth0 up");
      ip(router, "link set lan0 up");
      advertiseUntilRouted(host, router);

      HostSettings settings = new HostSettings(Path.of("/proc/sys"), AdvertisedLinks.ofKernel());
      HostSettings.Result result = host.call(() -> settings.apply(EnumSet.of(AddressFamily.IPV6)));
      assertThat(result.changed())
          .startsWith("net.ipv6.conf.eth0.accept_ra = 2", "net.ipv6.conf.all.forwarding = 1");
      assertThat(defaultRoute(host)).contains("dev eth0");
      assertThat(host.run("sysctl", "-n", "net.ipv6.conf.docker0.accept_ra").strip())
          .as("a container cannot become the host's router")
          .isEqualTo("1");

      ip(host, "-6 route del default dev eth0");
      advertiseUntilRouted(host, router);
      assertThat(host.call(() -> settings.apply(EnumSet.of(AddressFamily.IPV6))).changed())
          .isEmpty();
    }
  }

  private static String ip(TestNamespace namespace, String arguments) {
    return namespace.run(("ip " + arguments).split(" ", -1));
  }

  private static String defaultRoute(TestNamespace host) {
    return ip(host, "-6 route show default");
  }

  private static void advertiseUntilRouted(TestNamespace host, TestNamespace router) {
    String index = ip(router, "-o link show lan0").replaceFirst(":.*\\s*", "");
    Eventually.holds(
        "the advertised default route is there",
        () -> {
          router.tryRun("perl", "-e", ADVERTISE, index);
          return defaultRoute(host).contains("proto ra");
        });
  }
}
