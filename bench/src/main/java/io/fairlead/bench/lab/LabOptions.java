package io.fairlead.bench.lab;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What kind of lab to make.
 *
 * @param nodes 1 to 200
 * @param kubeconfig of an API server for the agents, reachable from every node; null lets them read
 *     the lab's folder of manifests
 */
public record LabOptions(
    int nodes, boolean dualStack, String overlay, String proxyMode, @Nullable Path kubeconfig) {

  public LabOptions {
    if (nodes < 1 || nodes > 200) {
      throw new IllegalArgumentException("a lab has 1 to 200 nodes, not " + nodes);
    }
  }

  /** Manifests, VXLAN, nftables and IPv4. */
  public static LabOptions of(int nodes) {
    return new LabOptions(nodes, false, "vxlan", "nftables", null);
  }

  public LabOptions withDualStack() {
    return new LabOptions(nodes, true, overlay, proxyMode, kubeconfig);
  }

  public LabOptions withOverlay(String mode) {
    return new LabOptions(nodes, dualStack, mode, proxyMode, kubeconfig);
  }

  public LabOptions withProxyMode(String mode) {
    return new LabOptions(nodes, dualStack, overlay, mode, kubeconfig);
  }

  public LabOptions withKubeconfig(Path file) {
    return new LabOptions(nodes, dualStack, overlay, proxyMode, file);
  }
}
