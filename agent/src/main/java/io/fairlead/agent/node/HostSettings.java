package io.fairlead.agent.node;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.AddressFamily;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sysctls of this node's network namespace without which pods cannot be reached. They are
 * written only where they differ. Stateless and thread-safe.
 *
 * <p>A host that forwards IPv6 forgets the default routes that routers advertised, and ignores
 * further advertisements, unless a link's accept_ra is 2 (Documentation/networking/ip-sysctl). So
 * that is set first, where the host listens to routers. Nowhere else: a container could advertise
 * itself.
 */
public final class HostSettings {

  private static final String LINKS = "net/ipv6/conf";
  private static final String FORWARDING = LINKS + "/all/forwarding";
  private static final String BRIDGE_IPV4 = "net/bridge/bridge-nf-call-iptables";
  private static final String BRIDGE_IPV6 = "net/bridge/bridge-nf-call-ip6tables";

  private final Path root;
  private final AdvertisedLinks advertised;

  /** Where settings are only looked at. */
  private final Comparison.@Nullable Builder observed;

  /** The settings below {@code root}, which is /proc/sys but in tests. */
  public HostSettings(Path root, AdvertisedLinks advertised) {
    this(root, advertised, null);
  }

  private HostSettings(
      Path root, AdvertisedLinks advertised, Comparison.@Nullable Builder observed) {
    this.root = root;
    this.advertised = advertised;
    this.observed = observed;
  }

  /** The same settings, of which none is changed: what would be is added to {@code result}. */
  public HostSettings observed(Comparison.Builder result) {
    return new HostSettings(root, advertised, result);
  }

  private record Setting(String path, String value, String reason, String missing) {

    /** As sysctl(8) spells it, where a dot in a link's name becomes a slash. */
    String name() {
      StringBuilder name = new StringBuilder();
      path.chars().forEach(c -> name.append((char) (c == '/' ? '.' : c == '.' ? '/' : c)));
      return name.toString();
    }
  }

  /** What was done, and what could not be, as sentences. */
  public record Result(List<String> changed, List<String> problems) {}

  /** Brings the settings that pods of {@code families} need to their values. */
  public Result apply(Set<AddressFamily> families) {
    Result result = new Result(new ArrayList<>(), new ArrayList<>());
    for (AddressFamily family : AddressFamily.values()) {
      if (families.contains(family)) {
        switch (family) {
          case IPV4 -> applyIpv4(result);
          case IPV6 -> applyIpv6(result);
        }
      }
    }
    return result;
  }

  /**
   * Makes the host ignore routers on the link that its pods are behind. By default a host that does
   * not forward IPv6 takes any of them as its router (CVE-2020-10749). A link that is not there is
   * left out.
   */
  public Result ignoreRouters(String link) {
    Result result = new Result(new ArrayList<>(), new ArrayList<>());
    String settings = LINKS + "/" + link;
    if (Files.exists(root.resolve(settings))) {
      apply(
          new Setting(
              settings + "/accept_ra", "0", "a pod can make itself this node's IPv6 router", ""),
          result);
      if (isAsWanted(forwarding(settings + "/forwarding"))) {
        result.problems().clear(); // A link that forwards takes nobody as its router.
      }
    }
    return result;
  }

  /**
   * Lets the host's own programs reach pods from 127.0.0.1 through the link that its pods are
   * behind. The kernel then takes packets with such addresses from pods, too: drop them before this
   * is called. A link that is not there is left out.
   */
  public Result routeLoopback(String link) {
    Result result = new Result(new ArrayList<>(), new ArrayList<>());
    String settings = "net/ipv4/conf/" + link;
    if (Files.exists(root.resolve(settings))) {
      apply(
          new Setting(
              settings + "/route_localnet", "1", "host ports do not answer at 127.0.0.1", ""),
          result);
    }
    return result;
  }

  /**
   * Makes IPVS work with connection tracking, and let go of endpoints that are gone. Load the
   * kernel's module first: it brings the settings along.
   *
   * @param strictArp whether links answer only for addresses that they have themselves
   */
  public Result applyIpvs(boolean strictArp) {
    Result result = new Result(new ArrayList<>(), new ArrayList<>());
    apply(
        ipvs(
            "conntrack",
            "the answers to masqueraded clients of Services are lost",
            " (it needs CONFIG_IP_VS_NFCT)"),
        result);
    apply(ipvs("expire_nodest_conn", "connections to endpoints that are gone hang", ""), result);
    apply(
        ipvs(
            "expire_quiescent_template",
            "session affinity keeps clients with endpoints that are leaving",
            ""),
        result);
    if (strictArp) {
      String arp = "this node answers ARP on each link for addresses that the link does not have";
      apply(new Setting("net/ipv4/conf/all/arp_ignore", "1", arp, ""), result);
      String announces = "this node's ARP requests may name addresses of Services";
      apply(new Setting("net/ipv4/conf/all/arp_announce", "2", announces, ""), result);
    }
    return result;
  }

  private static Setting ipvs(String name, String reason, String missing) {
    return new Setting("net/ipv4/vs/" + name, "1", reason, missing);
  }

  private void applyIpv4(Result result) {
    apply(forwarding("net/ipv4/ip_forward"), result);
    apply(bridgeCalls(BRIDGE_IPV4), result);
  }

  private void applyIpv6(Result result) {
    Setting forwarding = forwarding(FORWARDING);
    if (isAsWanted(forwarding) || keepListeningToRouters(result)) {
      apply(forwarding, result);
    }
    apply(bridgeCalls(BRIDGE_IPV6), result);
  }

  private static Setting forwarding(String path) {
    return new Setting(path, "1", "packets of pods are not forwarded", "");
  }

  /** Without it the answer of a pod on the same bridge bypasses the translation of its Service. */
  private static Setting bridgeCalls(String path) {
    return new Setting(
        path,
        "1",
        "a pod cannot reach a Service whose endpoint is on its own node",
        " (load the module br_netfilter)");
  }

  /** What br_netfilter is set to at present; a word that changes when that does. */
  String bridgeCalls() {
    return content(BRIDGE_IPV4) + " " + content(BRIDGE_IPV6);
  }

  private String content(String path) {
    try {
      return Files.readString(root.resolve(path)).strip();
    } catch (IOException e) {
      return "absent";
    }
  }

  private boolean isAsWanted(Setting setting) {
    try {
      return Files.readString(root.resolve(setting.path())).strip().equals(setting.value());
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether the host will still hear all its routers when it forwards. */
  private boolean keepListeningToRouters(Result result) {
    boolean all = true;
    try {
      for (String link : listening()) {
        all &=
            apply(
                new Setting(
                    LINKS + "/" + link + "/accept_ra",
                    "2",
                    "IPv6 is not forwarded: this node would lose the default route of " + link,
                    ""),
                result);
      }
      return all;
    } catch (IOException | NumberFormatException e) {
      result
          .problems()
          .add(
              "It cannot be told which links learn IPv6 routes from routers ("
                  + e.getMessage()
                  + "), so IPv6 is not forwarded; mount /proc and /sys, or set it on the host:"
                  + " sysctl -w net.ipv6.conf.all.forwarding=1");
      return false;
    }
  }

  private Set<String> listening() throws IOException {
    Set<String> found = new TreeSet<>();
    if (!Files.isDirectory(root.resolve(LINKS))) {
      return found;
    }
    Set<String> routed = advertised.withDefaultRoute();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(root.resolve(LINKS))) {
      for (Path link : links) {
        String name = String.valueOf(link.getFileName());
        boolean listens = isAsWanted(new Setting(LINKS + "/" + name + "/accept_ra", "1", "", ""));
        if (listens && (routed.contains(name) || advertised.isHardware(name))) {
          found.add(name);
        }
      }
    }
    return found;
  }

  private void observe(Setting setting, boolean right, Comparison.Builder result) {
    if (right) {
      result.right("settings", 1);
    } else {
      String name = setting.name() + " = ";
      result.add(
          Difference.different("settings", name + setting.value(), name + content(setting.path())));
    }
  }

  /** Returns whether the setting has its value now. */
  private boolean apply(Setting setting, Result result) {
    Path file = root.resolve(setting.path());
    if (!Files.exists(file)) {
      String sentence = "this kernel has no " + setting.name() + setting.missing() + ": ";
      result.problems().add(sentence + setting.reason());
      return false;
    }
    boolean right = isAsWanted(setting);
    if (observed != null) {
      observe(setting, right, observed);
    }
    if (right || observed != null) {
      return true;
    }
    try {
      Files.writeString(file, setting.value());
      result.changed().add(setting.name() + " = " + setting.value());
      return true;
    } catch (IOException e) {
      String assignment = setting.name() + "=" + setting.value();
      result
          .problems()
          .add(
              ("%s cannot be set to %s (%s), so %s; set it on the host: sysctl -w %s, or let the"
                      + " agent do it: mount the host's /proc/sys/net writable, see sysctl-dir")
                  .formatted(
                      setting.name(),
                      setting.value(),
                      e.getMessage(),
                      setting.reason(),
                      assignment));
      return false;
    }
  }
}
