package io.fairlead.cni.ipam;

import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that leases are kept in: a {@link LeaseLine} is appended for each change, and the file
 * is rewritten when most of it is history.
 *
 * <p>Nothing is synced to the disk, because nothing needs to be: a killed agent leaves its writes
 * in the page cache, and after a power loss the boot ID is another one, so that every lease is void
 * whatever has become of the file: empty, cut off, or full of zeros. What a power loss may cost is
 * the order of reuse alone. The rewritten file replaces the old one by rename, so that a killed
 * agent leaves one or the other.
 *
 * <p>A torn or damaged line costs only itself, and the file is kept aside then. A lease that is
 * lost so is found again by its link's alias, with its addresses and its pod, but without the pod's
 * UID and without what else was asked for: host ports and bandwidth are recorded here alone. Where
 * a line that retires or releases a lease is lost, the lease comes back; the missing link or the
 * end of the pod's namespace frees it, or whoever got its address since.
 *
 * <p>A disk that is full fails new leases, and nothing else. Not thread-safe.
 */
final class LeaseJournal implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseJournal.class);
  private static final String NAME = "leases.journal";
  private static final int REWRITE_ABOVE = 2048;
  private static final int FREE_PER_LINE = 32;
  static final int REMEMBERED_RELEASES = 1024;

  private final Path file;
  private final String bootId;
  private RandomAccessFile output;
  private long length;
  private int lines;

  private LeaseJournal(Path file, String bootId, RandomAccessFile output) throws IOException {
    this.file = file;
    this.bootId = bootId;
    this.output = output;
    this.length = output.length();
  }

  /**
   * What a journal held when it was opened.
   *
   * @param leases of this boot
   * @param retiring leases of this boot whose attachment was asked to go
   * @param released addresses that are free and were in use, oldest release first; those of other
   *     boots included
   * @param stale how many leases of other boots were dropped
   * @param damaged how many lines were unreadable
   */
  record Recovered(
      LeaseJournal journal,
      Map<AttachmentKey, Lease> leases,
      Map<AttachmentKey, Lease> retiring,
      List<IpAddress> released,
      int stale,
      int damaged) {}

  /**
   * Opens the journal in {@code folder}, making both if they are missing.
   *
   * @throws IOException if the folder cannot be written
   */
  static Recovered open(Path folder, String bootId) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(NAME);
    // Bytes that are no text at all become characters that no checksum matches.
    String text =
        Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1) : "";
    Map<AttachmentKey, Lease> leases = new LinkedHashMap<>();
    Map<AttachmentKey, Lease> retiring = new LinkedHashMap<>();
    LinkedHashSet<IpAddress> released = new LinkedHashSet<>();
    int stale = 0;
    int damaged = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      LeaseLine parsed = LeaseLine.parse(line);
      if (parsed == null) {
        damaged++;
        continue;
      }
      switch (parsed) {
        case LeaseLine.Leased(String boot, Lease lease) -> {
          if (boot.equals(bootId)) {
            supersede(lease, leases);
            supersede(lease, retiring);
            leases.put(lease.key(), lease);
            retiring.remove(lease.key());
            lease.addresses().forEach(released::remove);
          } else {
            stale++;
            lease.addresses().forEach(released::addLast);
          }
        }
        case LeaseLine.Retired(AttachmentKey key) -> {
          Lease lease = leases.remove(key);
          if (lease != null) {
            retiring.put(key, lease);
          }
        }
        case LeaseLine.Released(AttachmentKey key, List<IpAddress> addresses) -> {
          leases.remove(key);
          retiring.remove(key);
          addresses.forEach(released::addLast);
        }
        case LeaseLine.Free(List<IpAddress> addresses) -> addresses.forEach(released::addLast);
      }
    }
    leases.values().forEach(lease -> released.removeAll(lease.addresses()));
    retiring.values().forEach(lease -> released.removeAll(lease.addresses()));
    if (damaged > 0) {
      keepAside(file);
    }
    LeaseJournal journal =
        new LeaseJournal(file, bootId, new RandomAccessFile(file.toFile(), "rw"));
    try {
      journal.rewrite(leases.values(), retiring.values(), released);
    } catch (IOException e) {
      LOG.warn("The address leases in {} cannot be compacted; is the disk full?", file, e);
      journal.cutOff(text);
    }
    return new Recovered(journal, leases, retiring, List.copyOf(released), stale, damaged);
  }

  /**
   * An address is leased again only after its release: where that was not recorded, as on a full
   * disk, the former holder must not come back, and free the address of the later one by its end.
   */
  private static void supersede(Lease later, Map<AttachmentKey, Lease> leases) {
    leases
        .values()
        .removeIf(former ->
            !former.key().equals(later.key())
                && !Collections.disjoint(former.addresses(), later.addresses()));
  }

  private static void keepAside(Path file) {
    try {
      Files.copy(file, file.resolveSibling(NAME + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("The damaged file {} cannot be kept aside; is the disk full?", file, e);
    }
  }

  /** Drops half a line at the end, which would spoil the next one. */
  private void cutOff(String text) throws IOException {
    length = text.lastIndexOf('\n') + 1L;
    output.setLength(length);
  }

  /**
   * Records a lease.
   *
   * @throws IOException if it is not recorded, which changes nothing
   */
  void lease(Lease lease) throws IOException {
    append(new LeaseLine.Leased(bootId, lease).text());
  }

  /**
   * Records that an attachment was asked to go.
   *
   * @throws IOException if it is not recorded, which changes nothing
   */
  void retire(AttachmentKey key) throws IOException {
    append(new LeaseLine.Retired(key).text());
  }

  /**
   * Records a release.
   *
   * @throws IOException if it is not recorded, which changes nothing
   */
  void release(Lease lease) throws IOException {
    append(new LeaseLine.Released(lease.key(), lease.addresses()).text());
  }

  private void append(String line) throws IOException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    try {
      output.seek(length);
      output.write(bytes);
    } catch (IOException e) {
      output.setLength(length); // so that half a line does not spoil the next one
      throw e;
    }
    length += bytes.length;
    lines++;
  }

  /** Whether {@link #rewrite} would make the file much smaller. */
  boolean isMostlyHistory(int leases) {
    return lines > REWRITE_ABOVE && lines > 4 * leases;
  }

  /**
   * Replaces the file by one that holds just this, atomically.
   *
   * @param released oldest release first; of many, the newest are kept
   */
  void rewrite(Collection<Lease> leases, Collection<Lease> retiring, Collection<IpAddress> released)
      throws IOException {
    StringBuilder text = new StringBuilder();
    int count = 0;
    List<IpAddress> remembered =
        released.stream().skip(Math.max(0, released.size() - REMEMBERED_RELEASES)).toList();
    for (int at = 0; at < remembered.size(); at += FREE_PER_LINE) {
      int end = Math.min(at + FREE_PER_LINE, remembered.size());
      text.append(new LeaseLine.Free(new ArrayList<>(remembered.subList(at, end))).text());
      count++;
    }
    for (Lease lease : leases) {
      text.append(new LeaseLine.Leased(bootId, lease).text());
      count++;
    }
    for (Lease lease : retiring) {
      text.append(new LeaseLine.Leased(bootId, lease).text());
      text.append(new LeaseLine.Retired(lease.key()).text());
      count += 2;
    }
    Path replacement = file.resolveSibling(NAME + ".new");
    Files.writeString(replacement, text);
    RandomAccessFile next = new RandomAccessFile(replacement.toFile(), "rw");
    try {
      Files.move(replacement, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      next.close();
      throw e;
    }
    output.close();
    output = next;
    length = next.length();
    lines = count;
  }

  @Override
  public void close() throws IOException {
    output.close();
  }
}
