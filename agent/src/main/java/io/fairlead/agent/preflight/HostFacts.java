package io.fairlead.agent.preflight;

import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.route.Link;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a host is like, read at once and judged later.
 *
 * @param kernelRelease as uname -r prints it
 * @param capabilities of this process, as bits (CapEff of proc_pid_status(5))
 * @param features what the kernel can do
 * @param settings values of sysctls by their paths below /proc/sys; those that do not exist are
 *     missing
 * @param writableSettings the paths of those that this process can write
 * @param links of this network namespace
 * @param uplink the link that the default route leads through; null without one
 * @param chains of all tables of nf_tables, which contain those of iptables-nft
 * @param legacyTables of iptables-legacy that the kernel has
 * @param trackedConnections that connection tracking has now; -1 if unknown
 * @param cniConfigs names of the files in the runtime's folder of CNI configurations
 * @param unreadable sentences about what could not be read
 */
record HostFacts(
    String kernelRelease,
    long capabilities,
    List<KernelFeature> features,
    Map<String, String> settings,
    Set<String> writableSettings,
    List<Link> links,
    @Nullable Link uplink,
    List<NfChain> chains,
    Set<String> legacyTables,
    long trackedConnections,
    List<String> cniConfigs,
    List<String> unreadable) {

  HostFacts {
    features = List.copyOf(features);
    settings = Map.copyOf(settings);
    writableSettings = Set.copyOf(writableSettings);
    links = List.copyOf(links);
    chains = List.copyOf(chains);
    legacyTables = Set.copyOf(legacyTables);
    cniConfigs = List.copyOf(cniConfigs);
    unreadable = List.copyOf(unreadable);
  }

  @Nullable String setting(String path) {
    return settings.get(path);
  }

  @Nullable Link link(String name) {
    return links.stream().filter(link -> link.name().equals(name)).findFirst().orElse(null);
  }
}
