package io.fairlead.agent.config;

/**
 * Every key of the configuration file, which is also a flag with two dashes in front. The one place
 * that documents them: the command line's help is printed from here.
 */
public enum ConfigurationKey {
  KUBECONFIG(
      "kubeconfig",
      "FILE",
      "",
      "kubeconfig of the API server; without it and --manifests, the pod's service account"),
  MANIFESTS("manifests", "DIR", "", "read objects from the YAML and JSON files of this folder"),
  NODE_NAME(
      "node-name", "NAME", "", "this node's name; by default $NODE_NAME, then the host's name"),
  CLUSTER_CIDR("cluster-cidr", "CIDR[,CIDR]", "", "the pod network, one prefix per IP family"),
  SERVICE_CIDR(
      "service-cidr", "CIDR[,CIDR]", "", "the Services' addresses, one prefix per IP family"),
  OVERLAY(
      "overlay", "MODE", "vxlan", "how packets reach other nodes' pods: vxlan, host-gw or none"),
  VXLAN_VNI("vxlan-vni", "NUMBER", "4097", "VXLAN network identifier, the same on all nodes"),
  VXLAN_PORT("vxlan-port", "PORT", "8472", "UDP port of VXLAN, the same on all nodes"),
  DIRECT_ROUTING(
      "direct-routing",
      "BOOLEAN",
      "false",
      "with overlay vxlan, reach nodes on the same network without it: true or false"),
  VXLAN_CHECKSUM_OFFLOAD(
      "vxlan-checksum-offload",
      "MODE",
      "auto",
      "whether checksums of the VXLAN device are left to what is behind it: auto (but on kernels"
          + " that spoil them), on or off"),
  FLANNEL_ANNOTATIONS(
      "flannel-annotations",
      "BOOLEAN",
      "false",
      "publish flannel's Node annotations, for a cluster that is moved over: true or false"),
  PROXY_MODE(
      "proxy-mode", "MODE", "nftables", "Services' backend: nftables, iptables, ipvs or none"),
  NODEPORT_ADDRESSES(
      "nodeport-addresses",
      "CIDR[,CIDR]",
      "",
      "the node's addresses that serve node ports: CIDRs, or primary; by default all but loopback"),
  DETECT_LOCAL(
      "detect-local",
      "MODE",
      "node-cidr",
      "how this node's pods are known: node-cidr, cluster-cidr, bridge, interface-prefix:NAME or"
          + " none"),
  MASQUERADE(
      "masquerade", "BOOLEAN", "true", "masquerade what leaves the pod network: true or false"),
  NON_MASQUERADE_CIDRS(
      "non-masquerade-cidrs",
      "CIDR[,CIDR]",
      "",
      "where pods are seen by their own addresses, beside the pod network"),
  MASQUERADE_RANDOM_FULLY(
      "masquerade-random-fully",
      "BOOLEAN",
      "true",
      "choose source ports of masqueraded connections at random: true or false"),
  MASQUERADE_ALL(
      "masquerade-all", "BOOLEAN", "false", "masquerade all clients of cluster IPs: true or false"),
  MASQUERADE_BIT(
      "masquerade-bit", "BIT", "14", "bit of the packet mark that requests masquerade, 0 to 31"),
  IPTABLES_VARIANT(
      "iptables-variant",
      "VARIANT",
      "auto",
      "which packet filter proxy-mode iptables writes to: auto, nft or legacy"),
  IPVS_SCHEDULER(
      "ipvs-scheduler",
      "NAME[,FLAG]",
      "rr",
      "scheduler of proxy-mode ipvs, for Services that name none: rr, wrr, lc, wlc, sh, dh, sed,"
          + " nq, mh and others; sh and mh with flags"),
  IPVS_EXCLUDE_CIDRS(
      "ipvs-exclude-cidrs",
      "CIDR[,CIDR]",
      "",
      "where proxy-mode ipvs makes, changes and removes nothing"),
  IPVS_STRICT_ARP(
      "ipvs-strict-arp",
      "BOOLEAN",
      "false",
      "in proxy-mode ipvs, links answer ARP only for their own addresses: true or false"),
  IPVS_TCP_TIMEOUT(
      "ipvs-tcp-timeout",
      "DURATION",
      "0s",
      "how long IPVS remembers idle TCP connections; 0s leaves it to the kernel"),
  IPVS_TCPFIN_TIMEOUT(
      "ipvs-tcpfin-timeout",
      "DURATION",
      "0s",
      "the same for TCP connections after a FIN; 0s leaves it to the kernel"),
  IPVS_UDP_TIMEOUT(
      "ipvs-udp-timeout", "DURATION", "0s", "the same for UDP flows; 0s leaves it to the kernel"),
  IPVS_DRAIN_TIMEOUT(
      "ipvs-drain-timeout",
      "DURATION",
      "15m",
      "how long TCP connections may go on to an endpoint that left, in proxy-mode ipvs"),
  IPVS_ENDPOINT_METRICS(
      "ipvs-endpoint-metrics",
      "BOOLEAN",
      "true",
      "metrics of each endpoint in use, in proxy-mode ipvs: true or false"),
  NETWORK_POLICIES("network-policies", "BOOLEAN", "true", "enforce NetworkPolicies: true or false"),
  POLICY_TIMEOUT(
      "policy-timeout",
      "DURATION",
      "10s",
      "how long attaching a pod may wait until its policies are in force; 1s to 25s"),
  STATE_DIR("state-dir", "DIR", "/var/lib/fairlead", "leases and other state that must survive"),
  SYSCTL_DIR("sysctl-dir", "DIR", "/proc/sys", "where the kernel's settings can be written"),
  CNI_BINARY_DIR(
      "cni-bin-dir", "DIR", "", "where the agent installs the CNI binary; empty: it does not"),
  CNI_CONFIG_DIR(
      "cni-conf-dir",
      "DIR",
      "",
      "where the agent puts the CNI configuration once it is ready; empty: it does not"),
  CNI_CONFIG(
      "cni-conf",
      "FILE",
      "",
      "the CNI configuration that is installed; empty: one that suits this agent"),
  IMPORT_LEASES(
      "import-leases",
      "DIR",
      "",
      "folder of host-local's leases to respect, such as /var/lib/cni/networks/cbr0"),
  CNI_SOCKET("cni-socket", "FILE", "/run/fairlead/cni.sock", "socket the CNI binary connects to"),
  ADMIN_SOCKET(
      "admin-socket", "FILE", "/run/fairlead/admin.sock", "socket the command line connects to"),
  METRICS_ADDRESS(
      "metrics-address", "IP:PORT", "0.0.0.0:10256", "where /metrics, /healthz and /livez listen"),
  BRIDGE("bridge", "NAME", "fairlead0", "the bridge that pods are attached to"),
  MTU("mtu", "BYTES", "0", "MTU of the pods' interfaces; 0 derives it from the underlay"),
  LOG_FORMAT("log-format", "FORMAT", "text", "log lines on stderr: text or json"),
  LOG_LEVEL("log-level", "LEVEL", "info", "least severe lines: error, warn, info or debug");

  private final String key;
  private final String label;
  private final String defaultValue;
  private final String help;

  ConfigurationKey(String key, String label, String defaultValue, String help) {
    this.key = key;
    this.label = label;
    this.defaultValue = defaultValue;
    this.help = help;
  }

  /** The spelling in the file. */
  public String key() {
    return key;
  }

  /** The spelling on the command line. */
  public String flag() {
    return "--" + key;
  }

  /** What stands for the value in help texts. */
  public String label() {
    return label;
  }

  /** The value where neither file nor flag gives one; empty if there is none. */
  public String defaultValue() {
    return defaultValue;
  }

  public String help() {
    return help;
  }

  /** Whether several values are allowed: a YAML list, or a flag with commas. */
  public boolean isList() {
    return switch (this) {
      case CLUSTER_CIDR,
          SERVICE_CIDR,
          NODEPORT_ADDRESSES,
          IPVS_EXCLUDE_CIDRS,
          NON_MASQUERADE_CIDRS ->
          true;
      case KUBECONFIG,
          MANIFESTS,
          NODE_NAME,
          OVERLAY,
          PROXY_MODE,
          DETECT_LOCAL,
          MASQUERADE_ALL,
          MASQUERADE_BIT,
          IPTABLES_VARIANT,
          IPVS_SCHEDULER,
          IPVS_STRICT_ARP,
          IPVS_TCP_TIMEOUT,
          IPVS_TCPFIN_TIMEOUT,
          IPVS_UDP_TIMEOUT,
          IPVS_DRAIN_TIMEOUT,
          IPVS_ENDPOINT_METRICS,
          NETWORK_POLICIES,
          POLICY_TIMEOUT,
          STATE_DIR,
          SYSCTL_DIR,
          VXLAN_VNI,
          VXLAN_PORT,
          DIRECT_ROUTING,
          VXLAN_CHECKSUM_OFFLOAD,
          FLANNEL_ANNOTATIONS,
          MASQUERADE,
          MASQUERADE_RANDOM_FULLY,
          CNI_BINARY_DIR,
          CNI_CONFIG_DIR,
          CNI_CONFIG,
          IMPORT_LEASES,
          CNI_SOCKET,
          ADMIN_SOCKET,
          METRICS_ADDRESS,
          BRIDGE,
          MTU,
          LOG_FORMAT,
          LOG_LEVEL ->
          false;
    };
  }

  /** Whether a change of the file takes effect in a running agent. */
  public boolean appliesAtRunTime() {
    return switch (this) {
      case OVERLAY, PROXY_MODE, LOG_LEVEL -> true;
      case KUBECONFIG,
          MANIFESTS,
          NODE_NAME,
          CLUSTER_CIDR,
          SERVICE_CIDR,
          NODEPORT_ADDRESSES,
          DETECT_LOCAL,
          MASQUERADE_ALL,
          MASQUERADE_BIT,
          IPTABLES_VARIANT,
          IPVS_SCHEDULER,
          IPVS_EXCLUDE_CIDRS,
          IPVS_STRICT_ARP,
          IPVS_TCP_TIMEOUT,
          IPVS_TCPFIN_TIMEOUT,
          IPVS_UDP_TIMEOUT,
          IPVS_DRAIN_TIMEOUT,
          IPVS_ENDPOINT_METRICS,
          NETWORK_POLICIES,
          POLICY_TIMEOUT,
          STATE_DIR,
          SYSCTL_DIR,
          VXLAN_VNI,
          VXLAN_PORT,
          DIRECT_ROUTING,
          VXLAN_CHECKSUM_OFFLOAD,
          FLANNEL_ANNOTATIONS,
          MASQUERADE,
          MASQUERADE_RANDOM_FULLY,
          CNI_BINARY_DIR,
          CNI_CONFIG_DIR,
          CNI_CONFIG,
          IMPORT_LEASES,
          NON_MASQUERADE_CIDRS,
          CNI_SOCKET,
          ADMIN_SOCKET,
          METRICS_ADDRESS,
          BRIDGE,
          MTU,
          LOG_FORMAT ->
          false;
    };
  }
}
