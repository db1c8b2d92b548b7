package io.fairlead.agent.preflight;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.dataplane.model.AddressFamily;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sysctls. Those that the agent sets itself only have to be there, or to be writable. Pure. */
final class SettingRules {

  private static final String AREA = "settings";
  private static final String IPV4_FORWARD = "net/ipv4/ip_forward";
  private static final String IPV6_FORWARD = "net/ipv6/conf/all/forwarding";
  private static final String BRIDGE_IPV4 = "net/bridge/bridge-nf-call-iptables";
  private static final String BRIDGE_IPV6 = "net/bridge/bridge-nf-call-ip6tables";
  private static final String REVERSE_PATH = "net/ipv4/conf/all/rp_filter";
  private static final String TRACKED_MAX = "net/netfilter/nf_conntrack_max";
  private static final String EVENTS = "net/netfilter/nf_conntrack_events";
  private static final String IPV6_DISABLED = "net/ipv6/conf/all/disable_ipv6";

  /** What is looked at, below /proc/sys. */
  static final List<String> PATHS =
      List.of(
          IPV4_FORWARD,
          IPV6_FORWARD,
          BRIDGE_IPV4,
          BRIDGE_IPV6,
          REVERSE_PATH,
          TRACKED_MAX,
          EVENTS,
          IPV6_DISABLED);

  private SettingRules() {}

  static List<Finding> judge(HostFacts host, AgentConfiguration configuration) {
    boolean ipv6 =
        configuration.clusterCidrs().stream().anyMatch(cidr -> cidr.family() == AddressFamily.IPV6);
    List<Finding> findings = new ArrayList<>();
    findings.add(switched(host, IPV4_FORWARD, "pods cannot reach other nodes", true));
    findings.add(bridged(host, BRIDGE_IPV4, true));
    if (ipv6) {
      findings.add(switched(host, IPV6_FORWARD, "pods cannot reach other nodes by IPv6", true));
      findings.add(bridged(host, BRIDGE_IPV6, true));
    }
    findings.add(ipv6(host, ipv6));
    findings.add(reversePath(host));
    findings.add(tracked(host));
    findings.add(events(host));
    return findings;
  }

  private static String name(String path) {
    return path.replace('/', '.');
  }

  private static Finding switched(HostFacts host, String path, String loss, boolean needed) {
    String value = host.setting(path);
    if ("1".equals(value)) {
      return Finding.ok(AREA, name(path), "1");
    }
    if (value != null && host.writableSettings().contains(path)) {
      return Finding.ok(AREA, name(path), value + "; the agent sets it to 1");
    }
    String found = (value == null ? "is missing" : value) + "; " + loss;
    String mend = "Set it on the host: sysctl -w " + name(path) + "=1";
    return needed
        ? Finding.fail(AREA, name(path), found, mend)
        : Finding.warn(AREA, name(path), found, mend);
  }

  private static Finding bridged(HostFacts host, String path, boolean needed) {
    if (host.setting(path) == null) {
      return Finding.fail(
          AREA,
          name(path),
          "is missing, since br_netfilter is not loaded; pods of one node reach each other past"
              + " Services and policies",
          "Load it on the host, now and at every start: modprobe br_netfilter; echo br_netfilter"
              + " >/etc/modules-load.d/fairlead.conf");
    }
    return switched(
        host, path, "pods of one node reach each other past Services and policies", needed);
  }

  private static Finding ipv6(HostFacts host, boolean wanted) {
    String value = host.setting(IPV6_DISABLED);
    boolean off = value == null || !value.equals("0");
    if (!off) {
      return Finding.ok(AREA, "IPv6", "on");
    }
    String found = value == null ? "this kernel has none" : "switched off";
    return wanted
        ? Finding.fail(
            AREA,
            "IPv6",
            found + ", and the pod network has a range of it",
            "Switch it on (sysctl -w net.ipv6.conf.all.disable_ipv6=0), or take the range out of"
                + " --cluster-cidr")
        : Finding.ok(AREA, "IPv6", found + ", and not asked for");
  }

  private static Finding reversePath(HostFacts host) {
    String value = host.setting(REVERSE_PATH);
    if (!"1".equals(value)) {
      return Finding.ok(AREA, name(REVERSE_PATH), value == null ? "is missing" : value);
    }
    return host.writableSettings().contains(REVERSE_PATH)
        ? Finding.ok(
            AREA, name(REVERSE_PATH), "1 (strict); the agent makes it loose where it matters")
        : Finding.warn(
            AREA,
            name(REVERSE_PATH),
            "1 (strict); packets may be lost while nodes switch modes",
            "Set it on the host: sysctl -w " + name(REVERSE_PATH) + "=2");
  }

  private static Finding tracked(HostFacts host) {
    @Nullable Long max = number(host.setting(TRACKED_MAX));
    long now = host.trackedConnections();
    if (max == null || now < 0) {
      return Finding.warn(
          AREA, name(TRACKED_MAX), "unknown", "Load nf_conntrack, and look at it again");
    }
    String found = now + " of " + max + " connections are tracked";
    return max > 0 && now > max * 8 / 10
        ? Finding.warn(
            AREA,
            name(TRACKED_MAX),
            found + "; new ones are dropped when it is full",
            "Raise it: sysctl -w " + name(TRACKED_MAX) + "=" + max * 2)
        : Finding.ok(AREA, name(TRACKED_MAX), found);
  }

  private static @Nullable Long number(@Nullable String text) {
    return text == null || !text.matches("[0-9]{1,18}") ? null : Long.valueOf(text);
  }

  private static Finding events(HostFacts host) {
    String value = host.setting(EVENTS);
    return value == null || value.equals("0")
        ? Finding.warn(
            AREA,
            name(EVENTS),
            value == null ? "is missing" : "0; nobody hears of connections",
            "Set it on the host, if connections are to be watched: sysctl -w "
                + name(EVENTS)
                + "=2")
        : Finding.ok(AREA, name(EVENTS), value);
  }
}
