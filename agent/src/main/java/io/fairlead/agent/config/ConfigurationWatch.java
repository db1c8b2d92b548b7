package io.fairlead.agent.config;

import io.fairlead.agent.watch.FolderWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the configuration file. The listener gets the running configuration with those changes
 * that apply at run time; a file that cannot be used is reported once and changes nothing; keys
 * that need a restart are named in a warning. Editors' and ConfigMaps' ways of replacing a file, by
 * renaming or by swapping a symbolic link, are noticed too.
 */
public final class ConfigurationWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationWatch.class);

  private static final long SETTLE_MILLISECONDS = 15;

  private final ConfigurationReader reader;
  private final Path file;
  private final Consumer<AgentConfiguration> listener;
  private AgentConfiguration running;
  private Object lastOutcome;
  private final FolderWatch watch;

  private ConfigurationWatch(
      ConfigurationReader reader,
      Path folder,
      AgentConfiguration running,
      Consumer<AgentConfiguration> listener)
      throws IOException {
    this.reader = reader;
    this.file = Objects.requireNonNull(reader.file(), "a reader with a file");
    this.running = running;
    this.lastOutcome = running;
    this.listener = listener;
    this.watch = FolderWatch.start(folder, "configuration", this::changed);
  }

  /**
   * Begins to watch the reader's file.
   *
   * @param running what the agent was started with
   * @param listener called on the watch's thread
   * @throws IOException if the file's folder cannot be watched
   */
  public static ConfigurationWatch start(
      ConfigurationReader reader, AgentConfiguration running, Consumer<AgentConfiguration> listener)
      throws IOException {
    Path file = Objects.requireNonNull(reader.file(), "a reader with a file");
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file's folder");
    return new ConfigurationWatch(reader, folder, running, listener);
  }

  private long changed(@Nullable Set<Path> names) {
    long wait = unsettledFor();
    if (wait > 0) {
      return wait;
    }
    if (isEmptied()) {
      return 0;
    }
    try {
      AgentConfiguration read = reader.read();
      if (!read.equals(lastOutcome)) {
        lastOutcome = read;
        apply(read);
      }
    } catch (ConfigurationException e) {
      if (!e.problems().equals(lastOutcome)) {
        lastOutcome = e.problems();
        e.problems().forEach(problem -> LOG.error("{}. The running configuration stays", problem));
      }
    }
    return 0;
  }

  /**
   * Milliseconds until the file can be taken to be whole: many programs empty a file before they
   * write it, and an empty one would be all defaults.
   */
  private long unsettledFor() {
    try {
      long age = System.currentTimeMillis() - Files.getLastModifiedTime(file).toMillis();
      return age >= 0 && age < SETTLE_MILLISECONDS ? SETTLE_MILLISECONDS - age : 0;
    } catch (IOException e) {
      return 0; // Reading it says what is wrong.
    }
  }

  private boolean isEmptied() {
    try {
      if (Files.size(file) > 0) {
        return false;
      }
    } catch (IOException e) {
      return false;
    }
    List<String> outcome = List.of(file + " is empty");
    if (!outcome.equals(lastOutcome)) {
      lastOutcome = outcome;
      LOG.error("{} is empty. The running configuration stays", file);
    }
    return true;
  }

  private void apply(AgentConfiguration read) {
    List<String> needRestart = new ArrayList<>();
    for (ConfigurationKey key : ConfigurationKey.values()) {
      if (!key.appliesAtRunTime() && !Objects.equals(read.value(key), running.value(key))) {
        needRestart.add(key.key());
      }
    }
    if (!needRestart.isEmpty()) {
      LOG.warn(
          "{} changed in {}, which takes effect after a restart of the agent",
          String.join(", ", needRestart),
          reader.file());
    }
    AgentConfiguration next = running.withRuntimeValuesOf(read);
    if (!next.equals(running)) {
      running = next;
      listener.accept(next);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
