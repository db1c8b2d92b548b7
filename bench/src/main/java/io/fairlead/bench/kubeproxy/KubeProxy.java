package io.fairlead.bench.kubeproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * kube-proxy, by a KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1) that leaves its
 * defaults as they are where docs/benchmark-kube-proxy.md does not say otherwise.
 *
 * @param binary the program
 * @param minSyncPeriod how long it waits between two syncs; empty for its own default
 * @param protobuf whether the API server speaks it, as all but the double do
 */
record KubeProxy(ProxyMode mode, Path binary, String minSyncPeriod, boolean protobuf)
    implements ProxyContender {

  private static final List<String> PROGRAMS =
      List.of("iptables", "iptables-save", "iptables-restore");

  @Override
  public String name() {
    String suffix = minSyncPeriod.isEmpty() ? "" : ", minSyncPeriod " + minSyncPeriod;
    return "kube-proxy " + mode.title() + suffix;
  }

  @Override
  public Start prepare(Place place) throws IOException {
    Path configuration = place.folder().resolve("kube-proxy.yaml");
    Files.writeString(configuration, configuration(place));
    List<String> command =
        List.of(
            binary.toAbsolutePath().toString(),
            "--config=" + configuration,
            "--hostname-override=" + place.node());
    return new Start(command, Map.of("PATH", path(place.folder().resolve("programs"))));
  }

  private String configuration(Place place) {
    String contentType =
        protobuf ? "" : "  contentType: application/json\n  acceptContentTypes: application/json\n";
    String period =
        minSyncPeriod.isEmpty()
            ? ""
            : "%s:\n  minSyncPeriod: %s\n".formatted(mode.mode(), minSyncPeriod);
    return """
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    bindAddress: 0.0.0.0
    healthzBindAddress: 127.0.0.1:10256
    metricsBindAddress: 127.0.0.1:10249
    hostnameOverride: %s
    clientConnection:
      kubeconfig: %s
    %smode: %s
    clusterCIDR: %s
    detectLocalMode: ClusterCIDR
    conntrack:
      maxPerCore: 0
      min: 0
      tcpEstablishedTimeout: 0s
      tcpCloseWaitTimeout: 0s
    %s\
    """
        .formatted(
            place.node(), place.kubeconfig(), contentType, mode.mode(), CLUSTER_CIDR, period);
  }

  /** A PATH in which "iptables" is the variant that is meant, whatever the host's choice is. */
  private String path(Path folder) throws IOException {
    String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    if (mode.variant().isEmpty()) {
      return path;
    }
    Files.createDirectory(folder);
    for (String program : PROGRAMS) {
      for (String family : List.of("iptables", "ip6tables")) {
        String name = program.replace("iptables", family);
        String real = name.replace(family, family + "-" + mode.variant());
        Files.createSymbolicLink(folder.resolve(name), Path.of("/usr/sbin", real));
      }
    }
    return folder + ":" + path;
  }
}
