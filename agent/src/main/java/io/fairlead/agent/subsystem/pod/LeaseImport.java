package io.fairlead.agent.subsystem.pod;

import io.fairlead.agent.watch.FolderWatch;
import io.fairlead.cni.CniService;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.ipam.BootTime;
import io.fairlead.cni.ipam.ImportedLeases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the folder of the network that was on this node before, if one is configured. Whatever is
 * wrong with the folder is a warning: pods are attached all the same. For the reconciling thread
 * alone, except {@link #problems}.
 */
public final class LeaseImport implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseImport.class);

  private final @Nullable ImportedLeases leases;
  private @Nullable FolderWatch watch;
  private volatile boolean readable = true;

  private LeaseImport(@Nullable ImportedLeases leases) {
    this.leases = leases;
  }

  /**
   * An import that has read nothing yet.
   *
   * @param folder host-local's, or null if there is nothing to import
   * @param state the folder of our own leases
   * @throws IOException if the time of the boot is unknown
   */
  public static LeaseImport of(
      @Nullable Path folder, Path state, AddressPool pool, CniService service) throws IOException {
    if (folder == null) {
      return new LeaseImport(null);
    }
    ImportedLeases leases = new ImportedLeases(folder, state, BootTime.current(), pool);
    service.respect(leases);
    return new LeaseImport(leases);
  }

  /**
   * Reads the folder, and begins to watch it as soon as it can be watched. To be called before pods
   * are attached, and now and then.
   */
  public void refresh() {
    ImportedLeases imported = leases;
    if (imported == null) {
      return;
    }
    readable = imported.refresh();
    if (watch == null && readable) {
      try {
        watch =
            FolderWatch.start(
                imported.folder(),
                "lease-import",
                _ -> {
                  readable = imported.refresh();
                  return 0;
                });
      } catch (IOException e) {
        LOG.warn(
            "The folder {} cannot be watched ({}); it is read every few minutes. Check"
                + " fs.inotify.max_user_instances",
            imported.folder(),
            e.getMessage());
      }
    }
  }

  /** What keeps leases from being respected. */
  public List<String> problems() {
    return leases == null || readable
        ? List.of()
        : List.of(
            "The leases in "
                + leases.folder()
                + " cannot be read, so addresses of pods that are there may be handed out; check"
                + " import-leases, or take it out when the pods of before are gone");
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}
