package io.fairlead.agent.config;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.service.ServiceSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent runs with, already checked. {@link ConfigurationKey} documents every key.
 *
 * @param kubeconfig the API server's kubeconfig; with neither this nor {@code manifests}, the agent
 *     uses the service account of the pod that it runs in
 * @param manifests the folder to read objects from in place of an API server
 * @param clusterCidrs the pod network, at most one prefix per family; may be empty
 * @param serviceCidrs the Services' addresses, at most one prefix per family; may be empty
 * @param sysctlDirectory where /proc/sys can be written: in a container that is not privileged it
 *     is read-only in its own place
 * @param metricsAddress where metrics and health are served; port 0 lets the kernel choose
 * @param bridge the name of the bridge that pods are attached to
 * @param mtu bytes, or 0 to derive it from the underlay
 */
public record AgentConfiguration(
    @Nullable Path kubeconfig,
    @Nullable Path manifests,
    String nodeName,
    List<Cidr> clusterCidrs,
    List<Cidr> serviceCidrs,
    OverlayMode overlay,
    TunnelConfiguration tunnel,
    MasqueradeConfiguration masquerade,
    ProxyMode proxyMode,
    ServiceConfiguration services,
    PolicyConfiguration policies,
    InstallConfiguration install,
    Path stateDirectory,
    Path sysctlDirectory,
    Path cniSocket,
    Path adminSocket,
    InetSocketAddress metricsAddress,
    String bridge,
    int mtu,
    LogFormat logFormat,
    LogLevel logLevel) {

  public AgentConfiguration {
    clusterCidrs = List.copyOf(clusterCidrs);
    serviceCidrs = List.copyOf(serviceCidrs);
  }

  /**
   * What backends render Services with.
   *
   * @param node this node, null if it is not known yet
   */
  public ServiceSettings serviceSettings(@Nullable NodeRecord node) {
    return new ServiceSettings(
        services
            .detectLocal()
            .localPods(node == null ? List.of() : node.podCidrs(), clusterCidrs, bridge),
        services.nodePortAddresses().cidrs(node),
        serviceCidrs,
        1 << services.masqueradeBit(),
        masquerade.randomFully());
  }

  /** The value of {@code key} in its own type, for comparing two configurations. */
  public @Nullable Object value(ConfigurationKey key) {
    return switch (key) {
      case KUBECONFIG -> kubeconfig;
      case MANIFESTS -> manifests;
      case NODE_NAME -> nodeName;
      case CLUSTER_CIDR -> clusterCidrs;
      case SERVICE_CIDR -> serviceCidrs;
      case OVERLAY -> overlay;
      case PROXY_MODE -> proxyMode;
      case NODEPORT_ADDRESSES -> services.nodePortAddresses();
      case DETECT_LOCAL -> services.detectLocal();
      case MASQUERADE_ALL -> services.masqueradeAll();
      case MASQUERADE_BIT -> services.masqueradeBit();
      case IPTABLES_VARIANT -> services.iptablesVariant();
      case IPVS_SCHEDULER -> services.ipvs().settings().scheduler();
      case IPVS_EXCLUDE_CIDRS -> services.ipvs().settings().excludeCidrs();
      case IPVS_STRICT_ARP -> services.ipvs().strictArp();
      case IPVS_TCP_TIMEOUT -> services.ipvs().settings().timeouts().tcp();
      case IPVS_TCPFIN_TIMEOUT -> services.ipvs().settings().timeouts().tcpFin();
      case IPVS_UDP_TIMEOUT -> services.ipvs().settings().timeouts().udp();
      case IPVS_DRAIN_TIMEOUT -> services.ipvs().settings().drainSeconds();
      case IPVS_ENDPOINT_METRICS -> services.ipvs().endpointMetrics();
      case NETWORK_POLICIES -> policies.enabled();
      case POLICY_TIMEOUT -> policies.timeout();
      case VXLAN_VNI -> tunnel.vni();
      case VXLAN_PORT -> tunnel.port();
      case DIRECT_ROUTING -> tunnel.directRouting();
      case VXLAN_CHECKSUM_OFFLOAD -> tunnel.checksumOffload();
      case FLANNEL_ANNOTATIONS -> tunnel.flannelAnnotations();
      case MASQUERADE -> masquerade.enabled();
      case NON_MASQUERADE_CIDRS -> masquerade.exceptions();
      case MASQUERADE_RANDOM_FULLY -> masquerade.randomFully();
      case CNI_BINARY_DIR -> install.binaryFolder();
      case CNI_CONFIG_DIR -> install.configFolder();
      case CNI_CONFIG -> install.config();
      case IMPORT_LEASES -> install.importLeases();
      case STATE_DIR -> stateDirectory;
      case SYSCTL_DIR -> sysctlDirectory;
      case CNI_SOCKET -> cniSocket;
      case ADMIN_SOCKET -> adminSocket;
      case METRICS_ADDRESS -> metricsAddress;
      case BRIDGE -> bridge;
      case MTU -> mtu;
      case LOG_FORMAT -> logFormat;
      case LOG_LEVEL -> logLevel;
    };
  }

  /**
   * This configuration with those values of {@code next} that apply at run time: overlay,
   * proxy-mode and log-level.
   */
  AgentConfiguration withRuntimeValuesOf(AgentConfiguration next) {
    return new AgentConfiguration(
        kubeconfig,
        manifests,
        nodeName,
        clusterCidrs,
        serviceCidrs,
        next.overlay,
        tunnel,
        masquerade,
        next.proxyMode,
        services,
        policies,
        install,
        stateDirectory,
        sysctlDirectory,
        cniSocket,
        adminSocket,
        metricsAddress,
        bridge,
        mtu,
        logFormat,
        next.logLevel);
  }
}
