package io.fairlead.agent.cli;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.ipvs.RealServerStatus;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerStatus;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.iptables.kernel.Place;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.iptables.kernel.XtablesSnapshot;
import io.fairlead.iptables.kernel.XtablesVariant;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the kernel holds, as text: of the calling thread's network namespace, read without change.
 */
final class KernelTexts {

  private static final String OURS = "fairlead";

  private KernelTexts() {}

  /** Adds a file for each kind of object. */
  static void addTo(Bundle bundle) {
    for (TableName table : ownTables(bundle)) {
      bundle.add(
          "kernel/nft/"
              + table.family().name().toLowerCase(Locale.ROOT)
              + "-"
              + table.name()
              + ".txt",
          () -> table(table));
    }
    bundle.add("kernel/nft/others.txt", KernelTexts::otherTables);
    bundle.add("kernel/iptables.txt", KernelTexts::iptables);
    bundle.add("kernel/links.txt", () -> routing(kernel -> kernel.links()));
    bundle.add("kernel/addresses.txt", () -> routing(kernel -> kernel.addresses(0)));
    bundle.add("kernel/routes.txt", () -> routing(kernel -> kernel.routes(RouteFilter.ALL)));
    bundle.add("kernel/rules.txt", () -> routing(kernel -> kernel.rules()));
    bundle.add("kernel/neighbours.txt", () -> routing(kernel -> kernel.neighbours(0)));
    bundle.add("kernel/forwarding.txt", () -> routing(kernel -> kernel.forwardingEntries(0)));
    bundle.add("kernel/ipvs.txt", KernelTexts::ipvs);
    bundle.add("kernel/conntrack.txt", KernelTexts::conntrack);
  }

  private static List<TableName> ownTables(Bundle bundle) {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      return kernel.tables().stream()
          .map(NfTable::name)
          .filter(name -> name.name().startsWith(OURS))
          .toList();
    } catch (IOException e) {
      bundle.missing("kernel/nft", String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private static String table(TableName table) throws IOException {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      Optional<TableSnapshot> snapshot = kernel.dump(table);
      return snapshot.isEmpty() ? "It was deleted meanwhile.\n" : snapshot.get() + "\n";
    }
  }

  /** Their names and where they are hooked in; what is in them is not ours to tell. */
  private static String otherTables() throws IOException {
    List<String> lines = new ArrayList<>();
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      for (NfTable table : kernel.tables()) {
        if (!table.name().name().startsWith(OURS)) {
          lines.add("table " + table.name());
          for (NfChain chain : kernel.chains(table.name())) {
            if (chain.hook() != null) {
              lines.add("  chain " + chain.name() + ": " + chain.hook());
            }
          }
        }
      }
    }
    return lines(lines, "There are no tables of others.");
  }

  /** Through nf_tables: no program is executed. */
  private static String iptables() throws IOException {
    List<String> lines = new ArrayList<>();
    try (XtablesKernel kernel = XtablesVariant.NFT.open(Place.HERE)) {
      for (AddressFamily family : AddressFamily.values()) {
        for (IptablesTable table : IptablesTable.values()) {
          XtablesSnapshot snapshot = kernel.read(family, table);
          if (!snapshot.chains().isEmpty() || !snapshot.jumps().isEmpty()) {
            lines.add("*" + table + " (" + family.kubernetesName() + ")");
          }
          snapshot.jumps().forEach(jump -> lines.add("-A " + jump.chain() + " " + jump.text()));
          snapshot
              .chains()
              .keySet()
              .forEach(chain ->
                  snapshot.texts(chain).forEach(rule -> lines.add("-A " + chain + " " + rule)));
        }
      }
    }
    if (Files.exists(Path.of("/proc/net/ip_tables_names"))) {
      lines.add("# Those of iptables-legacy are not read; iptables-legacy-save prints them.");
    }
    return lines(lines, "There are no rules of fairlead's.");
  }

  private interface Reading {
    Collection<?> read(RouteKernel kernel) throws IOException;
  }

  private static String routing(Reading reading) throws IOException {
    try (RouteKernel kernel = RouteSocket.open()) {
      return lines(reading.read(kernel).stream().map(String::valueOf).toList(), "There are none.");
    }
  }

  /** Opening the family would load the module where nobody uses it. */
  private static String ipvs() throws IOException {
    if (!Files.exists(Path.of("/proc/net/ip_vs"))) {
      throw new IOException("IPVS is not loaded");
    }
    List<String> lines = new ArrayList<>();
    try (IpvsSocket kernel = IpvsSocket.open()) {
      for (VirtualServerStatus server : kernel.virtualServers()) {
        lines.add(server.server() + " " + server.statistics());
        for (RealServerStatus real : kernel.realServers(server.server().id())) {
          lines.add("  " + real);
        }
      }
    }
    return lines(lines, "There are no virtual servers.");
  }

  private static String conntrack() throws IOException {
    try (ConntrackSocket kernel = ConntrackSocket.open()) {
      return kernel.count() + " connections are tracked.\n";
    }
  }

  private static String lines(List<String> lines, String none) {
    return lines.isEmpty()
        ? none + "\n"
        : lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }
}
