package io.fairlead.agent.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.preflight.KernelFeature.State;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfFamily;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What facts about a host mean. */
class PreflightTest {

  private static final long NET_ADMIN = 1 << 12;

  private long capabilities = NET_ADMIN;
  private final List<KernelFeature> features = new ArrayList<>();
  private final Map<String, String> settings =
      new HashMap<>(
          Map.of(
              "net/ipv4/ip_forward", "1",
              "net/bridge/bridge-nf-call-iptables", "1",
              "net/bridge/bridge-nf-call-ip6tables", "1",
              "net/ipv6/conf/all/forwarding", "1",
              "net/ipv6/conf/all/disable_ipv6", "0",
              "net/ipv4/conf/all/rp_filter", "0",
              "net/netfilter/nf_conntrack_max", "1000",
              "net/netfilter/nf_conntrack_events", "2"));
  private final Set<String> writable = new HashSet<>();
  private final List<Link> links = new ArrayList<>(List.of(link("eth0", new LinkKind.Other(""))));
  private final List<NfChain> chains = new ArrayList<>();
  private final List<String> files = new ArrayList<>();
  private long tracked = 10;

  private static Link link(String name, LinkKind kind) {
    return new Link(1, name, null, 1500, 0, 0, 0, -1, "", kind);
  }

  private static AgentConfiguration configuration(String... flags) throws Exception {
    Map<ConfigurationKey, String> given = new HashMap<>();
    for (int i = 0; i < flags.length; i += 2) {
      given.put(ConfigurationKey.valueOf(flags[i]), flags[i + 1]);
    }
    return new ConfigurationReader(null, given, _ -> null, "node-a").read();
  }

  /** What is not fine, as "LEVEL subject: found". */
  private List<String> judged(String... flags) throws Exception {
    HostFacts host =
        new HostFacts(
            "6.1.0",
            capabilities,
            features,
            settings,
            writable,
            links,
            links.getFirst(),
            chains,
            Set.of(),
            tracked,
            files,
            List.of());
    return Preflight.judge(host, configuration(flags)).stream()
        .peek(one -> assertThat(one.mend().isEmpty()).isEqualTo(one.level() == Finding.Level.OK))
        .filter(one -> one.level() != Finding.Level.OK)
        .map(one -> one.level() + " " + one.subject() + ": " + one.found())
        .toList();
  }

  private void missing(String feature, boolean needed) {
    features.add(
        new KernelFeature(
            feature, State.MISSING, "Operation not supported", "it is lost", needed, "load it"));
  }

  @Test
  @DisplayName("a host on which all is fine")
  void fine() throws Exception {
    assertThat(judged()).isEmpty();
  }

  @Test
  @DisplayName("what the configuration does not ask for is no more than a warning")
  void features() throws Exception {
    missing("IPVS", false);
    missing("vxlan", true);
    assertThat(judged("OVERLAY", "host-gw"))
        .containsExactly(
            "WARN IPVS: Operation not supported; it is lost",
            "WARN vxlan: Operation not supported; it is lost");
    assertThat(judged("PROXY_MODE", "ipvs")).allMatch(line -> line.startsWith("FAIL ")).hasSize(2);
    features.clear();
    features.add(new KernelFeature("veth", State.UNTRIED, "no rights", "x", true, "y"));
    capabilities = 0;
    assertThat(judged())
        .containsExactly(
            "FAIL capabilities: NET_ADMIN is missing", "WARN veth: not tried: no rights");
  }

  @Test
  @DisplayName("settings that are wrong, unless the agent can set them itself")
  void settings() throws Exception {
    settings.put("net/ipv4/ip_forward", "0");
    settings.put("net/ipv4/conf/all/rp_filter", "1");
    settings.remove("net/bridge/bridge-nf-call-iptables");
    settings.put("net/netfilter/nf_conntrack_events", "0");
    settings.put("net/ipv6/conf/all/disable_ipv6", "1");
    tracked = 900;
    assertThat(judged("CLUSTER_CIDR", "10.244.0.0/16,fd00:10::/56"))
        .extracting(line -> line.substring(0, line.indexOf(':')))
        .containsExactly(
            "FAIL net.ipv4.ip_forward",
            "FAIL net.bridge.bridge-nf-call-iptables",
            "FAIL IPv6",
            "WARN net.ipv4.conf.all.rp_filter",
            "WARN net.netfilter.nf_conntrack_max",
            "WARN net.netfilter.nf_conntrack_events");
    writable.addAll(SettingRules.PATHS);
    assertThat(judged())
        .noneMatch(line -> line.contains("ip_forward") || line.contains("rp_filter"))
        .noneMatch(line -> line.contains("IPv6"))
        .anyMatch(line -> line.contains("br_netfilter is not loaded"));
  }

  @Test
  @DisplayName("pods' MTU beside that of the uplink, which the tunnel takes 50 bytes of")
  void mtu() throws Exception {
    assertThat(judged("MTU", "1450")).isEmpty();
    assertThat(judged("MTU", "1451")).singleElement().asString().contains("leaves 1450 for pods");
    assertThat(judged("MTU", "1500", "OVERLAY", "host-gw")).isEmpty();
  }

  @Test
  @DisplayName("others that left something in the kernel or on disk")
  void others() throws Exception {
    TableName nat = new TableName(NfFamily.IPV4, "nat");
    TableName filter = new TableName(NfFamily.IPV4, "filter");
    NfChain.Hook dropping =
        new NfChain.Hook(NfChain.Type.FILTER, NfChain.Point.FORWARD, 0, Verdict.Kind.DROP);
    chains.add(NfChain.regular(nat, "KUBE-SERVICES", ""));
    chains.add(NfChain.regular(filter, "FLANNEL-FWD", ""));
    chains.add(NfChain.regular(filter, "cali-FORWARD", ""));
    chains.add(NfChain.regular(filter, "ufw-user-forward", ""));
    chains.add(new NfChain(filter, "FORWARD", dropping, ""));
    chains.add(new NfChain(TableName.inet("firewalld"), "filter_FORWARD", dropping, ""));
    links.add(link("flannel.1", new LinkKind.Vxlan(4097, 8472, null, 0, false)));
    links.add(link("cilium_host", new LinkKind.Veth()));
    links.add(link("docker0", LinkKind.Bridge.DEFAULT));
    files.addAll(List.of("05-cilium.conflist", "10-fairlead.conflist", "README"));
    assertThat(judged())
        .containsExactly(
            "FAIL link flannel.1: has VNI 4097 and port 8472, as ours would",
            "WARN kube-proxy: serves Services here, or has: chain ip nat KUBE-SERVICES",
            "WARN flannel: has: link flannel.1, chain ip filter FLANNEL-FWD",
            "WARN Calico: has: chain ip filter cali-FORWARD",
            "WARN Cilium: has: link cilium_host",
            "WARN Docker: has: link docker0",
            "WARN firewall: drops what it forwards by default: table inet firewalld",
            "WARN firewalld: is at work",
            "WARN ufw: is at work",
            "FAIL CNI configuration: /etc/cni/net.d/05-cilium.conflist comes before"
                + " 10-fairlead.conflist, and the runtime takes the first");
    assertThat(judged("PROXY_MODE", "none")).noneMatch(line -> line.contains("kube-proxy"));
  }
}
