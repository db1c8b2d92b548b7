package io.fairlead.bench.memory;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the kernel has in memory, of the kinds that rules, sets, virtual servers and routes are made
 * of. It is the whole machine's, so that only a difference over a short time says anything, and
 * only if little else goes on.
 *
 * @param caches bytes of objects in use by cache of /proc/slabinfo: those of the general allocator,
 *     nf_tables, IPVS and routes
 * @param percpu bytes that there are for each processor, as counters
 * @param vmalloc bytes of large tables
 */
record KernelMemory(Map<String, Long> caches, long percpu, long vmalloc) {

  private static final Path SLABS = Path.of("/proc/slabinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final List<String> COUNTED =
      List.of("kmalloc-", "nft_", "nf_", "ip_vs", "ip_fib", "fib6", "neigh", "ip_dst");
  private static final long BYTES_PER_KIBIBYTE = 1024;

  private static final int LOOKS = 20;
  private static final long LOOK_MILLIS = 500;
  private static final long REST_BYTES = 64 << 10;

  /**
   * Reads it.
   *
   * @throws IOException with a sentence if the kernel does not tell
   */
  static KernelMemory now() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(SLABS);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw new IOException(
          SLABS
              + " cannot be read here, so that the kernel's memory cannot be told: it takes root,"
              + " and a kernel with CONFIG_SLUB",
          e);
    }
    return new KernelMemory(caches(lines), meminfo("Percpu:"), meminfo("VmallocUsed:"));
  }

  /**
   * Reads it when it has come to rest: the kernel takes a while to free what a namespace had that
   * is gone, and what a transaction replaced.
   *
   * @throws IOException with a sentence if the kernel does not tell
   */
  static KernelMemory atRest() throws IOException, InterruptedException {
    KernelMemory last = now();
    for (int i = 0; i < LOOKS; i++) {
      Thread.sleep(LOOK_MILLIS);
      KernelMemory next = now();
      if (Math.abs(next.slab() - last.slab()) < REST_BYTES) {
        return next;
      }
      last = next;
    }
    return last;
  }

  /** From lines of slabinfo(5), version 2.1: name, active objects, objects, bytes of each, ... */
  static Map<String, Long> caches(List<String> lines) {
    Map<String, Long> caches = new TreeMap<>();
    for (String line : lines) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length > 3 && COUNTED.stream().anyMatch(fields[0]::startsWith)) {
        caches.put(fields[0], Long.parseLong(fields[1]) * Long.parseLong(fields[3]));
      }
    }
    return caches;
  }

  private static long meminfo(String name) throws IOException {
    for (String line : Files.readAllLines(MEMORY)) {
      if (line.startsWith(name)) {
        return BYTES_PER_KIBIBYTE * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0; // Kernels before 5.0 do not tell what is for each processor.
  }

  KernelMemory since(KernelMemory before) {
    Map<String, Long> grown = new TreeMap<>();
    caches.forEach((name, bytes) -> {
      long difference = bytes - before.caches.getOrDefault(name, 0L);
      if (difference != 0) {
        grown.put(name, difference);
      }
    });
    return new KernelMemory(grown, percpu - before.percpu, vmalloc - before.vmalloc);
  }

  /** Bytes in all caches. */
  long slab() {
    return caches.values().stream().mapToLong(Long::longValue).sum();
  }
}
