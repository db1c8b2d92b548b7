package io.fairlead.agent.preflight;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.OverlayMode;
import io.fairlead.agent.config.ProxyMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The kernel and this process's rights. Pure. */
final class FeatureRules {

  private static final String AREA = "kernel";

  /** CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN of linux/capability.h. */
  private static final int NET_ADMIN = 12;

  private static final int NET_RAW = 13;
  private static final int SYS_ADMIN = 21;

  private FeatureRules() {}

  static List<Finding> judge(HostFacts host, AgentConfiguration configuration) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok(AREA, "release", host.kernelRelease()));
    findings.add(rights(host, configuration));
    for (KernelFeature feature : host.features()) {
      findings.add(feature(feature, isWanted(feature, configuration)));
    }
    return findings;
  }

  private static Finding rights(HostFacts host, AgentConfiguration configuration) {
    boolean mayChange = has(host, NET_ADMIN);
    if (!mayChange) {
      return Finding.fail(
          "rights",
          "capabilities",
          "NET_ADMIN is missing",
          "run as root, or give the container securityContext.capabilities.add: [NET_ADMIN]");
    }
    if (configuration.proxyMode() == ProxyMode.IPTABLES && !has(host, NET_RAW)) {
      return Finding.warn(
          "rights",
          "capabilities",
          "NET_ADMIN without NET_RAW",
          "give the container NET_RAW, too, if its iptables is the legacy one");
    }
    return Finding.ok(
        "rights", "capabilities", has(host, SYS_ADMIN) ? "NET_ADMIN, SYS_ADMIN" : "NET_ADMIN");
  }

  private static boolean has(HostFacts host, int capability) {
    return (host.capabilities() >>> capability & 1) != 0;
  }

  /** Whether the configuration asks for it; what it does not ask for is no more than a warning. */
  private static boolean isWanted(KernelFeature feature, AgentConfiguration configuration) {
    return switch (feature.name()) {
      case "vxlan" -> configuration.overlay() == OverlayMode.VXLAN;
      case "IPVS" -> configuration.proxyMode() == ProxyMode.IPVS;
      case "table of policies" -> configuration.policies().enabled();
      default -> feature.needed();
    };
  }

  private static Finding feature(KernelFeature feature, boolean wanted) {
    return switch (feature.state()) {
      case FOUND -> Finding.ok(AREA, feature.name(), "works");
      case UNTRIED ->
          Finding.warn(
              AREA,
              feature.name(),
              "not tried: " + feature.reason(),
              "run `fairlead preflight` as root on the host to know");
      case MISSING -> {
        String found = feature.reason() + "; " + feature.loss();
        String mend = upper(feature.advice());
        yield wanted
            ? Finding.fail(AREA, feature.name(), found, mend)
            : Finding.warn(AREA, feature.name(), found, mend + ", if you want it");
      }
    };
  }

  private static String upper(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }
}
