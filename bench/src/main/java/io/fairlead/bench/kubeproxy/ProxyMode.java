package io.fairlead.bench.kubeproxy;

import io.fairlead.bench.lab.KernelFeatures;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Into what Services are put, by kube-proxy and by fairlead. */
enum ProxyMode {
  NFTABLES("nftables", "nftables", ""),
  IPTABLES("iptables", "iptables", "nft"),
  IPTABLES_LEGACY("iptables-legacy", "iptables", "legacy"),
  IPVS("ipvs", "ipvs", "nft");

  private final String title;
  private final String mode;
  private final String variant;

  ProxyMode(String title, String mode, String variant) {
    this.title = title;
    this.mode = mode;
    this.variant = variant;
  }

  /** What the command line and the tables call it. */
  String title() {
    return title;
  }

  /** What both programs' configurations call it. */
  String mode() {
    return mode;
  }

  /** Which of iptables' programs are meant, "nft" or "legacy"; empty where none is executed. */
  String variant() {
    return variant;
  }

  /** Why this machine cannot do it, or null if it can; needs root. */
  @Nullable String missing() throws IOException, InterruptedException {
    return this == IPVS && !KernelFeatures.hasIpvs() ? KernelFeatures.WITHOUT_IPVS : null;
  }

  /**
   * The mode of this title.
   *
   * @throws IllegalArgumentException with a sentence if there is none
   */
  static ProxyMode named(String title) {
    return Arrays.stream(values())
        .filter(mode -> mode.title.equals(title))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no mode \"" + title + "\"; try " + String.join(", ", titles())));
  }

  private static List<String> titles() {
    return Arrays.stream(values()).map(ProxyMode::title).collect(Collectors.toList());
  }
}
