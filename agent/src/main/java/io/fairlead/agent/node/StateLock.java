package io.fairlead.agent.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The lock of a state folder, held for as long as an agent runs: two agents would give one address
 * to two pods, and undo each other's work. The kernel frees it when the process ends, however it
 * ends.
 */
public final class StateLock implements AutoCloseable {

  private static final String NAME = "lock";

  private final FileChannel channel;

  private StateLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of {@code folder}, which exists.
   *
   * @return empty if another process has it
   * @throws IOException if the folder cannot be written
   */
  public static Optional<StateLock> take(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new StateLock(channel));
      }
    } catch (OverlappingFileLockException e) {
      // Another agent of this process has it.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  /** Whether an agent holds the lock of {@code folder}; false if there is none. */
  public static boolean isHeld(Path folder) throws IOException {
    if (!Files.exists(folder.resolve(NAME))) {
      return false;
    }
    Optional<StateLock> lock = take(folder);
    if (lock.isPresent()) {
      lock.get().close();
    }
    return lock.isEmpty();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
