package io.fairlead.agent.preflight;

import io.fairlead.agent.node.Capabilities;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.sys.ProcFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what a host is like; what cannot be read is told. Nothing of the host is changed. */
final class HostReader {

  private final Path proc;
  private final List<String> unreadable = new ArrayList<>();

  private HostReader(Path proc) {
    this.proc = proc;
  }

  /**
   * Reads the host of the calling thread's network namespace.
   *
   * @param proc the process file system, /proc but in tests
   * @param features what was found out already
   */
  static HostFacts read(Path proc, Path cniConfigs, List<KernelFeature> features) {
    return new HostReader(proc).read(cniConfigs, features);
  }

  private HostFacts read(Path cniConfigs, List<KernelFeature> features) {
    Map<String, String> settings = new HashMap<>();
    Set<String> writable = new HashSet<>();
    for (String path : SettingRules.PATHS) {
      Path file = proc.resolve("sys").resolve(path);
      String value = text(file);
      if (value != null) {
        settings.put(path, value);
      }
      if (Files.isWritable(file)) {
        writable.add(path);
      }
    }
    List<Link> links = new ArrayList<>();
    Link uplink = readLinks(links);
    String release = text(proc.resolve("sys/kernel/osrelease"));
    return new HostFacts(
        release == null ? "unknown" : release,
        capabilities(),
        features,
        settings,
        writable,
        links,
        uplink,
        chains(),
        legacyTables(),
        trackedConnections(),
        files(cniConfigs),
        unreadable);
  }

  private @Nullable String text(Path file) {
    try {
      return ProcFile.text(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      unreadable.add(file + " cannot be read: " + e.getMessage());
      return null;
    }
  }

  private long capabilities() {
    String status = text(proc.resolve("self/status"));
    return status == null ? 0 : Capabilities.effective(status);
  }

  private @Nullable Link readLinks(List<Link> links) {
    try (RouteKernel kernel = RouteSocket.open()) {
      links.addAll(kernel.links());
      return kernel.routes(RouteFilter.MAIN_TABLE).stream()
          .filter(route -> route.destination().prefixLength() == 0 && route.outputIndex() != 0)
          .min(
              Comparator.comparing((Route route) -> route.family()).thenComparingInt(Route::metric))
          .flatMap(route ->
              links.stream().filter(link -> link.index() == route.outputIndex()).findFirst())
          .orElse(null);
    } catch (IOException e) {
      unreadable.add("Links and routes cannot be read: " + e.getMessage());
      return null;
    }
  }

  private List<NfChain> chains() {
    List<NfChain> chains = new ArrayList<>();
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      for (NfTable table : kernel.tables()) {
        chains.addAll(kernel.chains(table.name()));
      }
    } catch (IOException e) {
      unreadable.add("The tables of nf_tables cannot be read: " + e.getMessage());
    }
    return chains;
  }

  private Set<String> legacyTables() {
    Set<String> tables = new TreeSet<>();
    for (String file : List.of("net/ip_tables_names", "net/ip6_tables_names")) {
      String names = text(proc.resolve(file));
      if (names != null) {
        names.lines().filter(name -> !name.isBlank()).forEach(tables::add);
      }
    }
    return tables;
  }

  private long trackedConnections() {
    try (ConntrackSocket kernel = ConntrackSocket.open()) {
      return kernel.count();
    } catch (IOException e) {
      unreadable.add("Tracked connections cannot be counted: " + e.getMessage());
      return -1;
    }
  }

  private List<String> files(Path folder) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    } catch (NoSuchFileException e) {
      return names;
    } catch (IOException e) {
      unreadable.add(folder + " cannot be read: " + e.getMessage());
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }
}
