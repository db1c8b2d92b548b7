package io.fairlead.agent.preflight;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ProxyMode;
import io.fairlead.agent.install.RivalConfigs;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.netlink.route.Link;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Other agents that have left something in the kernel or on disk, or are at work. Pure. */
final class ConflictRules {

  private static final String AREA = "others";
  private static final String DEFAULT_FOLDER = "/etc/cni/net.d";

  private ConflictRules() {}

  /** The folder in which the container runtime looks for CNI configurations. */
  static Path folder(AgentConfiguration configuration) {
    Path folder = configuration.install().configFolder();
    return folder == null ? Path.of(DEFAULT_FOLDER) : folder;
  }

  static List<Finding> judge(HostFacts host, AgentConfiguration configuration) {
    List<Finding> findings = new ArrayList<>();
    kubeProxy(host, configuration, findings);
    rival(
        host,
        "flannel",
        link -> link.name().startsWith("flannel.") || link.name().equals("cni0"),
        chain -> chain.startsWith("FLANNEL-"),
        "Once fairlead serves this node, stop flannel here and delete its links (ip link delete"
            + " flannel.1; ip link delete cni0)",
        findings);
    rival(
        host,
        "Calico",
        link -> link.name().startsWith("cali") || link.name().equals("vxlan.calico"),
        chain -> chain.startsWith("cali"),
        "Remove Calico from this node, or its policies and routes go on",
        findings);
    rival(
        host,
        "Cilium",
        link -> link.name().startsWith("cilium_") || link.name().startsWith("lxc_"),
        chain -> chain.startsWith("CILIUM_"),
        "Remove Cilium from this node (cilium uninstall): its programs take packets before"
            + " netfilter sees them",
        findings);
    rival(
        host,
        "Docker",
        link -> link.name().equals("docker0"),
        chain -> chain.equals("DOCKER") || chain.equals("DOCKER-USER"),
        "Nothing, as long as Docker runs beside: fairlead lets pods' packets pass FORWARD where"
            + " Docker has it drop",
        findings);
    firewalls(host, findings);
    runtime(host, configuration, findings);
    if (findings.isEmpty()) {
      findings.add(Finding.ok(AREA, "other agents", "none found"));
    }
    return findings;
  }

  private static void kubeProxy(
      HostFacts host, AgentConfiguration configuration, List<Finding> findings) {
    Set<String> traces = new LinkedHashSet<>();
    traces.addAll(chains(host, chain -> chain.name().startsWith("KUBE-SERVICES")));
    traces.addAll(chains(host, chain -> chain.table().name().equals("kube-proxy")));
    if (host.link("kube-ipvs0") != null) {
      traces.add("link kube-ipvs0");
    }
    if (!traces.isEmpty()) {
      String found = "serves Services here, or has: " + some(traces);
      findings.add(
          configuration.proxyMode() == ProxyMode.NONE
              ? Finding.ok(AREA, "kube-proxy", found + "; proxy-mode is none")
              : Finding.warn(
                  AREA,
                  "kube-proxy",
                  found,
                  "Stop it on this node and run kube-proxy --cleanup, or set proxy-mode: none"));
    }
  }

  private static void rival(
      HostFacts host,
      String name,
      Predicate<Link> links,
      Predicate<String> chains,
      String mend,
      List<Finding> findings) {
    Set<String> traces = new LinkedHashSet<>();
    host.links().stream().filter(links).forEach(link -> traces.add("link " + link.name()));
    traces.addAll(chains(host, chain -> chains.test(chain.name())));
    if (!traces.isEmpty()) {
      findings.add(Finding.warn(AREA, name, "has: " + some(traces), mend));
    }
  }

  private static List<String> chains(HostFacts host, Predicate<NfChain> isTheirs) {
    return host.chains().stream()
        .filter(isTheirs)
        .map(chain -> "chain " + chain.table() + " " + chain.name())
        .distinct()
        .toList();
  }

  private static String some(Set<String> traces) {
    String text = String.join(", ", traces.stream().limit(3).toList());
    return traces.size() > 3 ? text + " and " + (traces.size() - 3) + " more" : text;
  }

  private static void firewalls(HostFacts host, List<Finding> findings) {
    Set<String> tables = new LinkedHashSet<>();
    for (NfChain chain : host.chains()) {
      NfChain.Hook hook = chain.hook();
      boolean drops =
          hook != null
              && hook.point() == NfChain.Point.FORWARD
              && hook.policy() == Verdict.Kind.DROP;
      // Where iptables drops, the agent adds a rule that accepts; elsewhere one cannot.
      if (drops && !chain.table().name().equals("filter")) {
        tables.add(chain.table().toString());
      }
    }
    if (!tables.isEmpty()) {
      findings.add(
          Finding.warn(
              AREA,
              "firewall",
              "drops what it forwards by default: table " + some(tables),
              "Have it accept the pod network in both directions"));
    }
    if (!chains(host, chain -> chain.table().name().equals("firewalld")).isEmpty()) {
      findings.add(
          Finding.warn(
              AREA,
              "firewalld",
              "is at work",
              "Add the pod network and the links fairlead0 and fairlead-vxlan to its zone"
                  + " trusted, and open the VXLAN port, or disable it"));
    }
    if (!chains(host, chain -> chain.name().startsWith("ufw-")).isEmpty()) {
      findings.add(
          Finding.warn(
              AREA,
              "ufw",
              "is at work",
              "Allow routed traffic of the pod network (ufw route allow) and the VXLAN port, or"
                  + " disable it"));
    }
    if (!host.legacyTables().isEmpty()) {
      findings.add(
          Finding.warn(
              AREA,
              "iptables-legacy",
              "has the tables " + String.join(", ", host.legacyTables()) + ", which were not read",
              "See iptables-legacy-save for rules of KUBE-, FLANNEL- or cali- that nobody needs"));
    }
  }

  private static void runtime(
      HostFacts host, AgentConfiguration configuration, List<Finding> findings) {
    Path folder = folder(configuration);
    List<String> before =
        host.cniConfigs().stream()
            .filter(name -> RivalConfigs.isConfig(name) && name.compareTo(RivalConfigs.OURS) < 0)
            .sorted()
            .toList();
    if (!before.isEmpty()) {
      findings.add(
          Finding.fail(
              "runtime",
              "CNI configuration",
              folder.resolve(before.getFirst())
                  + " comes before "
                  + RivalConfigs.OURS
                  + ", and the runtime takes the first",
              "Remove it once its network is no longer wanted"));
      return;
    }
    List<String> after =
        host.cniConfigs().stream()
            .filter(name -> RivalConfigs.isConfig(name) && !name.equals(RivalConfigs.OURS))
            .toList();
    findings.add(
        Finding.ok(
            "runtime",
            "CNI configuration",
            after.isEmpty()
                ? "no other's in " + folder
                : String.join(", ", after) + " in " + folder + ", behind ours"));
  }
}
