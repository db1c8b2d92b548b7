package io.fairlead.agent.probe;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.NamespaceThread;
import io.fairlead.dataplane.sys.NetworkNamespace;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network namespace that has an address: among those that have a name, and those of
 * processes. Each is entered once, by a thread of its own.
 */
final class NamespaceSearch {

  /** More than any node has. */
  private static final int MOST = 5_000;

  private final @Nullable Path only;
  private final List<Path> folders;
  private final Path processes;
  private final Set<Long> seen = new HashSet<>();
  private int denied;
  private int foreign;

  /** A namespace and where it was found. */
  record Found(NamespaceThread thread, Path path) {}

  NamespaceSearch() {
    this(List.of(Path.of("/run/netns"), Path.of("/var/run/netns")), Path.of("/proc"));
  }

  /** Looks at one file that is a namespace. */
  NamespaceSearch(Path only) {
    this.only = only;
    this.folders = List.of();
    this.processes = only;
  }

  /**
   * Looks somewhere else.
   *
   * @param folders with files that are namespaces
   * @param processes with folders of processes, as /proc
   */
  NamespaceSearch(List<Path> folders, Path processes) {
    this.only = null;
    this.folders = List.copyOf(folders);
    this.processes = processes;
  }

  /**
   * Looks at one namespace after the other.
   *
   * @return a thread in it, which the caller closes
   * @throws ProbeException if there is none
   */
  Found find(IpAddress address) throws IOException {
    for (Path path : paths()) {
      NamespaceThread thread = enter(path);
      if (thread != null && has(thread, address)) {
        return new Found(thread, path);
      }
    }
    if (only != null) {
      throw new ProbeException(
          only
              + (seen.isEmpty() || denied + foreign > 0
                  ? " cannot be entered as a network namespace"
                  : " is not the network namespace that has the address " + address)
              + ": name the pod's, such as /proc/PID/ns/net of one of its processes");
    }
    throw new ProbeException(
        "no network namespace of this node has the address "
            + address
            + "; "
            + seen.size()
            + " were looked into"
            + (denied + foreign == 0
                ? ": is the pod on another node?"
                : ", and "
                    + (denied + foreign)
                    + " could not be: run this as root on the node itself, or in a privileged"
                    + " container with the host's process IDs (hostPID), or name it with --netns"));
  }

  private List<Path> paths() {
    Path named = only;
    if (named != null) {
      return List.of(named);
    }
    List<Path> paths = new ArrayList<>();
    for (Path folder : folders) {
      list(folder, "*").forEach(paths::add);
    }
    for (Path process : list(processes, "[0-9]*")) {
      paths.add(process.resolve("ns/net"));
    }
    return paths;
  }

  private static List<Path> list(Path folder, String glob) {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
      stream.forEach(paths::add);
    } catch (IOException | DirectoryIteratorException _) {
      // There is no such folder, or it is not for us: what was not found is told in the end.
    }
    return paths;
  }

  /** Null if it is one that was seen, is gone, or cannot be entered. */
  private @Nullable NamespaceThread enter(Path path) {
    if (seen.size() >= MOST) {
      return null;
    }
    try {
      // Told before it is opened: most processes share a few.
      if (!seen.add((Long) Files.getAttribute(path, "unix:ino"))) {
        return null;
      }
      return NamespaceThread.enter("probe", NetworkNamespace.open(path));
    } catch (SystemCallException e) {
      switch (e.errno()) {
        case Errno.EPERM, Errno.EACCES -> denied++;
        case Errno.ENOENT, Errno.ESRCH -> {}
        default -> foreign++;
      }
      return null;
    } catch (IOException _) {
      // A process of somebody else, or one that ended meanwhile.
      if (Files.exists(path.getParent())) {
        denied++;
      }
      return null;
    }
  }

  private static boolean has(NamespaceThread thread, IpAddress address) {
    boolean found = false;
    try (RouteSocket routes = thread.call(RouteSocket::open)) {
      for (LinkAddress each : routes.addresses(0)) {
        found |= each.address().equals(address);
      }
    } catch (Exception _) {
      found = false; // It went away while we looked.
    }
    if (!found) {
      thread.close();
    }
    return found;
  }
}
