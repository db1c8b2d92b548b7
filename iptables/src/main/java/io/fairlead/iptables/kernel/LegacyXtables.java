package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldJump;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The variant of iptables from before nf_tables, by its programs: the kernel takes whole tables
 * only, and others' programs are kept away with a lock. A thread of its own runs one program at a
 * time and sends, together, what was committed meanwhile; so a lock that others hold keeps nobody
 * waiting but this thread. It asks for the lock until it gets it.
 */
public final class LegacyXtables implements XtablesKernel {

  /** How long a program may wait for the lock before this object looks for newer changes. */
  private static final int LOCK_SECONDS = 5;

  private static final Duration PROGRAM_LIMIT = Duration.ofSeconds(60);

  /** How long a caller of {@link #read} waits for changes that are under way. */
  private static final Duration READ_LIMIT = Duration.ofSeconds(10);

  /** RESOURCE_PROBLEM of iptables' xtables.h: somebody else has the lock. */
  private static final int LOCKED = 4;

  private static final String CLOSED = "iptables-legacy was closed before the change was made";

  /** What changes wait for each other. */
  private record Key(AddressFamily family, IptablesTable table) {}

  private final Place place;
  private final Thread worker;
  private final Object monitor = new Object();
  private final Map<Key, WaitingChange> waiting = new LinkedHashMap<>();
  private @Nullable Key busy;
  private long lockedSince;
  private boolean closed;

  /**
   * @param place the network namespace that is meant; {@link Place#HERE} of an ordinary process
   */
  public LegacyXtables(Place place) {
    this.place = place;
    this.worker = Thread.ofVirtual().name("iptables-legacy").start(this::work);
  }

  @Override
  public CompletableFuture<Void> commit(
      AddressFamily family, IptablesTable table, XtablesChange change) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    try {
      NfForm.check(table, change);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (change.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    synchronized (monitor) {
      if (closed) {
        return CompletableFuture.failedFuture(new IOException(CLOSED));
      }
      waiting
          .computeIfAbsent(new Key(family, table), _ -> new WaitingChange(family))
          .add(change, result);
      monitor.notifyAll();
    }
    return result;
  }

  /** How long others have held the lock that this waits for; zero if it does not wait. */
  public Duration waitsForLock() {
    synchronized (monitor) {
      return lockedSince == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lockedSince);
    }
  }

  private void work() {
    try {
      while (true) {
        Key key = next();
        if (key == null) {
          return;
        }
        send(key, take(key));
        finished();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It was closed.
    }
  }

  /** The table that waits for longest, or null at the end. */
  private @Nullable Key next() throws InterruptedException {
    synchronized (monitor) {
      while (waiting.isEmpty() && !closed) {
        monitor.wait();
      }
      return closed ? null : waiting.keySet().iterator().next();
    }
  }

  private WaitingChange take(Key key) {
    synchronized (monitor) {
      WaitingChange change = waiting.remove(key);
      busy = key;
      return change == null ? new WaitingChange(key.family()) : change;
    }
  }

  private void finished() {
    synchronized (monitor) {
      busy = null;
      monitor.notifyAll();
    }
  }

  private void send(Key key, WaitingChange change) {
    try {
      XtablesChange joined = change.change();
      List<HeldJump> jumps =
          joined.ensured().isEmpty() && joined.removed().isEmpty()
              ? List.of()
              : snapshot(key).jumps();
      List<String> command =
          List.of(
              program(key.family(), "restore"), "--noflush", "-w", String.valueOf(LOCK_SECONDS));
      String text = RestoreText.of(key.family(), key.table(), joined, jumps);
      Execution restored = Execution.of(place, command, text, PROGRAM_LIMIT);
      if (restored.exit() == LOCKED) {
        putBack(key, change);
        return;
      }
      restored.orFail(command);
      synchronized (monitor) {
        lockedSince = 0;
      }
      change.succeed();
    } catch (IOException e) {
      change.fail(e);
    }
  }

  /** What was taken comes before what was committed meanwhile. */
  private void putBack(Key key, WaitingChange taken) {
    synchronized (monitor) {
      if (closed) {
        taken.fail(new IOException(CLOSED));
        return;
      }
      if (lockedSince == 0) {
        lockedSince = System.nanoTime();
      }
      WaitingChange later = waiting.remove(key);
      if (later != null) {
        taken.add(later);
      }
      waiting.put(key, taken);
    }
  }

  private static String program(AddressFamily family, String what) {
    return switch (family) {
      case IPV4 -> "iptables-legacy-" + what;
      case IPV6 -> "ip6tables-legacy-" + what;
    };
  }

  private XtablesSnapshot snapshot(Key key) throws IOException {
    return SavedTable.parse(key.table(), save(place, key.family(), key.table()));
  }

  /** What iptables-legacy-save prints of a table; nothing, and no program is run, without it. */
  static String save(Place place, AddressFamily family, IptablesTable table) throws IOException {
    // The program would make the table, and all packets would go through it from then on.
    if (!tables(place, family).contains(table.text())) {
      return "";
    }
    List<String> command = List.of(program(family, "save"), "-c", "-t", table.text());
    return Execution.of(place, command, "", PROGRAM_LIMIT).orFail(command).out();
  }

  /** The tables that the kernel has: nat, filter and others. */
  static List<String> tables(Place place, AddressFamily family) throws IOException {
    String file =
        switch (family) {
          case IPV4 -> "ip_tables_names";
          case IPV6 -> "ip6_tables_names";
        };
    try {
      return place.read(Path.of("/proc/thread-self/net", file)).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of(); // The kernel does not have, or has not loaded, iptables-legacy.
    }
  }

  @Override
  public XtablesSnapshot read(AddressFamily family, IptablesTable table) throws IOException {
    Key key = new Key(family, table);
    try {
      awaitIdle(key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while changes of iptables were under way", e);
    }
    return snapshot(key);
  }

  private void awaitIdle(Key key) throws IOException, InterruptedException {
    long end = System.nanoTime() + READ_LIMIT.toNanos();
    synchronized (monitor) {
      while (!closed && (waiting.containsKey(key) || key.equals(busy))) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new IOException(
              "changes of iptables have waited for "
                  + waitsForLock().toSeconds()
                  + " s for /run/xtables.lock, which another program holds;"
                  + " see which with: fuser /run/xtables.lock");
        }
        monitor.wait(left);
      }
    }
  }

  @Override
  public void cleanup() throws IOException {
    List<CompletableFuture<Void>> results = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        XtablesSnapshot snapshot = read(family, table);
        results.add(
            commit(
                family,
                table,
                new XtablesChange(
                    Map.of(),
                    List.copyOf(snapshot.chains().keySet()),
                    List.of(),
                    snapshot.jumps())));
      }
    }
    for (CompletableFuture<Void> result : results) {
      await(result);
    }
  }

  private void await(CompletableFuture<Void> result) throws IOException {
    try {
      result.get(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("iptables-legacy was not cleaned up: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while iptables-legacy was cleaned up", e);
    }
  }

  @Override
  public void close() {
    Map<Key, WaitingChange> left;
    synchronized (monitor) {
      closed = true;
      left = new LinkedHashMap<>(waiting);
      waiting.clear();
      monitor.notifyAll();
    }
    worker.interrupt();
    left.values().forEach(change -> change.fail(new IOException(CLOSED)));
  }
}
