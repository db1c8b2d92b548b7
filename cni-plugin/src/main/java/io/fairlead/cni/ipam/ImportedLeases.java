package io.fairlead.cni.ipam;

import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Respects the leases of host-local, which served this node before: their addresses are not handed
 * out until the container's DEL comes here, GC of their network says that it is gone, or their file
 * disappears. The folder is never changed, so what ended is remembered in a file of ours, as lines
 * "ADDRESS CONTAINER-ID"; a file that is lost costs addresses until they are deleted by hand.
 * Thread-safe.
 */
public final class ImportedLeases {

  private static final Logger LOG = LoggerFactory.getLogger(ImportedLeases.class);
  private static final String ENDED = "imported.ended";

  private final Path folder;
  private final Path endedFile;
  private final Instant boot;
  private final AddressPool pool;
  private final Set<String> ended;

  /** What was told of already: a problem that stays is told of once. */
  private Set<String> told = Set.of();

  private Set<ImportedLease> held = Set.of();

  /**
   * Nothing held until {@link #refresh}.
   *
   * @param folder host-local's, named like its network
   * @param state where to remember what ended; the folder exists
   * @param boot when the machine was started; older leases are void
   */
  public ImportedLeases(Path folder, Path state, Instant boot, AddressPool pool) {
    this.folder = folder;
    this.endedFile = state.resolve(ENDED);
    this.boot = boot;
    this.pool = pool;
    this.ended = readEnded(endedFile);
  }

  /** The folder that is read. */
  public Path folder() {
    return folder;
  }

  private static Set<String> readEnded(Path file) {
    try {
      return Files.exists(file) ? new LinkedHashSet<>(Files.readAllLines(file)) : new HashSet<>();
    } catch (IOException e) {
      LOG.warn("{} cannot be read; addresses of deleted containers stay unused", file, e);
      return new HashSet<>();
    }
  }

  /**
   * Reads the folder again. If it cannot be read, what was held stays held, and a warning says so.
   *
   * @return whether it could be read
   */
  public synchronized boolean refresh() {
    HostLocalFolder.Contents contents;
    try {
      contents = HostLocalFolder.read(folder, boot);
    } catch (IOException e) {
      tell(
          List.of(
              "the leases of host-local in "
                  + folder
                  + " cannot be read ("
                  + e
                  + "), so addresses of pods that are there may be handed out; check"
                  + " import-leases"));
      return false;
    }
    if (contents.stale() > 0 && held.isEmpty()) {
      LOG.info("{} leases of host-local in {} are of an earlier boot", contents.stale(), folder);
    }
    tell(contents.problems());
    Set<String> present = new HashSet<>();
    contents.leases().forEach(lease -> present.add(line(lease)));
    if (ended.retainAll(present)) {
      writeEnded();
    }
    hold(contents.leases().stream().filter(lease -> !ended.contains(line(lease))).toList());
    return true;
  }

  private void tell(List<String> problems) {
    Set<String> now = new HashSet<>(problems);
    for (String problem : now) {
      if (!told.contains(problem)) {
        LOG.warn("Import of leases: {}", problem);
      }
    }
    told = now;
  }

  private void hold(List<ImportedLease> leases) {
    Set<ImportedLease> next = new LinkedHashSet<>(leases);
    if (next.equals(held)) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("folder", folder)
        .addKeyValue("addresses", next.size())
        .addKeyValue("before", held.size())
        .log("Leases of host-local are respected");
    warnOfConflicts(next);
    held = next;
    pool.hold(next);
  }

  private void warnOfConflicts(Set<ImportedLease> next) {
    Set<IpAddress> ours = new HashSet<>();
    pool.leases().forEach(lease -> ours.addAll(lease.addresses()));
    for (ImportedLease lease : next) {
      if (!held.contains(lease) && ours.contains(lease.address())) {
        LOG.warn(
            "host-local gave {} to the container {}, and fairlead to a pod; delete one of the two."
                + " Is another network's configuration still in use?",
            lease.address(),
            lease.containerId());
      }
    }
  }

  /** The container's interface was deleted, whatever network the runtime names. */
  public synchronized void end(AttachmentKey key) {
    end(lease -> lease.isOf(key.containerId(), key.interfaceName()));
  }

  /**
   * GC: ends the leases of containers that are not in {@code valid}, if the folder is that
   * network's.
   */
  public synchronized void collectGarbage(String network, Set<AttachmentKey> valid) {
    if (network.equals(String.valueOf(folder.getFileName()))) {
      end(lease ->
          !lease.containerId().isEmpty()
              && valid.stream()
                  .noneMatch(key -> lease.isOf(key.containerId(), key.interfaceName())));
    }
  }

  private void end(Predicate<ImportedLease> which) {
    List<ImportedLease> kept = new ArrayList<>();
    boolean changed = false;
    for (ImportedLease lease : held) {
      if (which.test(lease)) {
        changed |= ended.add(line(lease));
      } else {
        kept.add(lease);
      }
    }
    if (changed) {
      writeEnded();
      hold(kept);
    }
  }

  private static String line(ImportedLease lease) {
    return lease.address() + " " + lease.containerId();
  }

  private void writeEnded() {
    try {
      Path replacement = endedFile.resolveSibling(ENDED + ".new");
      Files.write(replacement, ended, StandardCharsets.UTF_8);
      Files.move(replacement, endedFile, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("{} cannot be written; is the disk full?", endedFile, e);
    }
  }
}
