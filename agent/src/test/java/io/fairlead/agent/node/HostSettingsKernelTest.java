package io.fairlead.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.Eventually;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.testing.TestNamespace;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
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
      for (TestNamespace namespace : List.of(host, router)) {
        namespace.run("sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0");
        namespace.run("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0");
      }
      ip(host, "link add docker0 up type bridge");
      ip(host, "link add eth0 type veth peer name lan0 netns " + path(router));
      ip(host, "link set eth0 up");
      ip(router, "link set lan0 up");
      awaitDefault("eth0", host, () -> advertise("lan0", router));

      HostSettings settings = new HostSettings(Path.of("/proc/sys"), AdvertisedLinks.ofKernel());
      HostSettings.Result result = host.call(() -> settings.apply(EnumSet.of(AddressFamily.IPV6)));
      assertThat(result.changed())
          .startsWith("net.ipv6.conf.eth0.accept_ra = 2", "net.ipv6.conf.all.forwarding = 1");
      assertThat(ip(host, "-6 route show default")).contains("dev eth0");
      assertThat(host.run("sysctl", "-n", "net.ipv6.conf.docker0.accept_ra").strip())
          .as("a container cannot become the host's router")
          .isEqualTo("1");

      ip(host, "-6 route del default dev eth0");
      awaitDefault("eth0", host, () -> advertise("lan0", router));
      assertThat(host.call(() -> settings.apply(EnumSet.of(AddressFamily.IPV6))).changed())
          .isEmpty();
    }
  }

  @Test
  @DisplayName("a node without IPv6 takes no pod as its router")
  void podsAreNoRouters() throws Exception {
    try (TestNamespace host = TestNamespace.create("host");
        TestNamespace pod = TestNamespace.create("pod")) {
      for (String link : List.of("fairlead0", "other0")) {
        ip(host, "link add " + link + " type veth peer name " + link + " netns " + path(pod));
        ip(host, "link set " + link + " up");
        ip(pod, "link set " + link + " up");
      }
      HostSettings settings = new HostSettings(Path.of("/proc/sys"), AdvertisedLinks.ofKernel());
      host.call(() -> settings.ignoreRouters("fairlead0"));
      awaitDefault(
          "other0",
          host,
          () -> {
            advertise("fairlead0", pod);
            advertise("other0", pod);
          });
      advertise("fairlead0", pod);
      assertThat(ip(host, "-6 route show default")).doesNotContain("fairlead0");
    }
  }

  private static String ip(TestNamespace namespace, String arguments) {
    return namespace.run(("ip " + arguments).split(" ", -1));
  }

  private static Path path(TestNamespace namespace) {
    return namespace.namespace().path();
  }

  private static void advertise(String link, TestNamespace router) {
    String index = ip(router, "-o link show " + link).replaceFirst(":.*\\s*", "");
    router.tryRun("perl", "-e", ADVERTISE, index); // Fails until the link has an address.
  }

  private static void awaitDefault(String link, TestNamespace host, Runnable advertisement) {
    Eventually.holds(
        "the default route by " + link + " is there",
        () -> {
          advertisement.run();
          return ip(host, "-6 route show default").contains("dev " + link + " proto ra");
        });
  }
}
