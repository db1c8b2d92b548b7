package io.fairlead.bench.kubeproxy;

import io.fairlead.bench.lab.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * fairlead's whole agent, with its own defaults but for the overlay: there is no other node to
 * reach, and the Node it takes for its own may be somebody's.
 */
record FairleadProxy(ProxyMode mode, Distribution distribution) implements ProxyContender {

  @Override
  public String name() {
    return "fairlead " + mode.title();
  }

  @Override
  public Start prepare(Place place) throws IOException {
    Path configuration = place.folder().resolve("fairlead.yaml");
    String variant = mode.mode().equals("iptables") ? "iptables-variant: " + mode.variant() : "";
    Files.writeString(
        configuration,
        """
        kubeconfig: %s
        node-name: %s
        cluster-cidr: [%s]
        detect-local: cluster-cidr
        overlay: none
        proxy-mode: %s
        state-dir: %s
        cni-socket: %s
        admin-socket: %s
        metrics-address: 127.0.0.1:10256
        %s
        """
            .formatted(
                place.kubeconfig(),
                place.node(),
                CLUSTER_CIDR,
                mode.mode(),
                Files.createDirectory(place.folder().resolve("state")),
                place.folder().resolve("cni.sock"),
                place.folder().resolve("admin.sock"),
                variant));
    return new Start(
        List.of(distribution.launcher().toString(), "agent", "--config", configuration.toString()),
        Map.of());
  }
}
