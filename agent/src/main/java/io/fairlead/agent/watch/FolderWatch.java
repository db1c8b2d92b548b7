package io.fairlead.agent.watch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls back, on a daemon thread of its own, after anything in a folder changed: a file written,
 * renamed or deleted, or a symbolic link replaced (which is how a mounted ConfigMap changes). The
 * callback reads what it needs itself, so a lost or merged event is harmless. If the folder itself
 * disappears, it is looked for every second until it is back.
 */
public final class FolderWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

  /** What a watch tells, on the watch's thread. */
  @FunctionalInterface
  public interface Listener {

    /**
     * Something may have changed.
     *
     * @param names of the files in the folder, or null if any of them may have changed
     * @return milliseconds after which to call again even if nothing happens, or 0
     */
    long changed(@Nullable Set<Path> names);
  }

  private final Path folder;
  private final Listener listener;
  private final WatchService service;
  private final Thread thread;
  private @Nullable WatchKey key;

  private FolderWatch(Path folder, String threadName, Listener listener) throws IOException {
    this.folder = folder;
    this.listener = listener;
    this.service = FileSystems.getDefault().newWatchService();
    this.thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this::run);
    try {
      this.key = register();
    } catch (IOException e) {
      service.close();
      throw e;
    }
  }

  /**
   * Begins to watch. The listener is first called once at once, so that nothing that changes
   * between the caller's own reading and the watch is missed.
   *
   * @throws IOException if {@code folder} is not a folder that can be watched
   */
  public static FolderWatch start(Path folder, String threadName, Listener listener)
      throws IOException {
    FolderWatch watch = new FolderWatch(folder, threadName, listener);
    watch.thread.start();
    return watch;
  }

  private WatchKey register() throws IOException {
    return folder.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  private void run() {
    try {
      long again = listener.changed(null);
      while (true) {
        WatchKey ready = next(again);
        Set<Path> names = Set.of();
        if (ready != null) {
          names = names(ready);
          if (!ready.reset()) {
            LOG.warn(
                "The folder {} is gone; what was read from it stays in force. Create it again",
                folder);
            key = null;
          }
        }
        if (key == null) {
          try {
            key = register();
            names = null;
            LOG.info("The folder {} is back", folder);
          } catch (IOException e) {
            again = 1000;
            continue;
          }
        }
        again = listener.changed(names);
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // close() was called.
    }
  }

  private static @Nullable Set<Path> names(WatchKey ready) {
    Set<Path> names = new HashSet<>();
    for (WatchEvent<?> event : ready.pollEvents()) {
      if (!(event.context() instanceof Path name)) {
        return null;
      }
      names.add(name);
    }
    return names;
  }

  private @Nullable WatchKey next(long milliseconds) throws InterruptedException {
    return milliseconds == 0 ? service.take() : service.poll(milliseconds, TimeUnit.MILLISECONDS);
  }

  /** Stops. The listener is not called any more once this has returned. */
  @Override
  public void close() {
    try {
      service.close();
      thread.join();
    } catch (IOException e) {
      LOG.debug("closing the watch of {}: {}", folder, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
