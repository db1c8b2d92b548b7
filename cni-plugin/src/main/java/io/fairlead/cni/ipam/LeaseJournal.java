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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The file that leases are kept in: a {@link LeaseLine} is appended for each change, and the file
 * is rewritten when most of it is history.
 *
 * <p>Nothing is synced to the disk, because nothing needs to be: a killed agent leaves its writes
 * in the page cache, and after a power loss the boot ID is another one, so that every lease is void
 * whatever has become of the file. A torn or damaged line costs only itself. Not thread-safe.
 */
final class LeaseJournal implements AutoCloseable {

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
      Files.copy(file, folder.resolve(NAME + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
    }
    LeaseJournal journal =
        new LeaseJournal(file, bootId, new RandomAccessFile(file.toFile(), "rw"));
    journal.rewrite(leases.values(), retiring.values(), released);
    return new Recovered(journal, leases, retiring, List.copyOf(released), stale, damaged);
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
    Files.move(replacement, file, StandardCopyOption.ATOMIC_MOVE);
    output.close();
    output = new RandomAccessFile(file.toFile(), "rw");
    length = output.length();
    lines = count;
  }

  @Override
  public void close() throws IOException {
    output.close();
  }
}
