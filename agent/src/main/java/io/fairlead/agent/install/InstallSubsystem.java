package io.fairlead.agent.install;

import io.fairlead.agent.ProblemReport;
import io.fairlead.agent.ReadyFollower;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.watch.FolderWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the container runtime needs installed, in the order in which nothing ever fails for
 * want of the rest: the binary, then all that attaches pods, then the configuration that makes the
 * runtime start them. What somebody deletes or changes is installed again as soon as the folder
 * tells. When the agent stops everything stays: pods that start meanwhile wait, and the next agent
 * goes on.
 */
public final class InstallSubsystem
    implements Subsystem, ReadyFollower, ProblemReport, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(InstallSubsystem.class);

  private final CniInstallation installation;
  private final ReconcileLoop loop;
  private final Map<Path, FolderWatch> watches = new LinkedHashMap<>();
  private boolean ready;
  private volatile List<String> rivals = List.of();
  private Map<String, String> facts = Map.of("state", "waits until pods can be attached");

  public InstallSubsystem(CniInstallation installation, ReconcileLoop loop) {
    this.installation = installation;
    this.loop = loop;
  }

  @Override
  public String name() {
    return "install";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    if (dirty.everything()) {
      audit(view);
    }
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    try {
      boolean allWatched = watchAll();
      install();
      if (!allWatched) {
        // A folder that came just now: what happened to it before it was watched is looked at here.
        watchAll();
        install();
      }
      tell(installation.rivals());
    } catch (IOException e) {
      throw new SubsystemException(String.valueOf(e.getMessage()), DirtyKeys.EVERYTHING, e);
    }
  }

  private void install() throws IOException {
    say("The CNI binary was installed", installation.installBinary());
    if (ready) {
      say("The CNI configuration was installed", installation.installConfig());
      facts = Map.of("state", "installed");
    }
  }

  /** From now on pods can be attached. */
  @Override
  public void ready() {
    ready = true;
    loop.markDirty(name(), DirtyKeys.EVERYTHING);
  }

  /** Whether it could; a folder that is not there yet fails the installation, which is retried. */
  private boolean watchAll() {
    boolean all = true;
    for (Path folder : installation.folders()) {
      all &= watches.containsKey(folder) || watch(folder);
    }
    return all;
  }

  private boolean watch(Path folder) {
    try {
      watches.put(
          folder, FolderWatch.start(folder, "install-watch", names -> changed(folder, names)));
      return true;
    } catch (IOException e) {
      LOG.debug("{} cannot be watched yet: {}", folder, e.getMessage());
      return false;
    }
  }

  private long changed(Path folder, @Nullable Set<Path> names) {
    if (names == null || names.stream().anyMatch(name -> installation.concerns(folder, name))) {
      loop.markDirty(name(), DirtyKeys.EVERYTHING);
    }
    return 0;
  }

  private static void say(String sentence, Optional<Path> installed) {
    installed.ifPresent(file -> LOG.atInfo().addKeyValue("file", file).log(sentence));
  }

  private void tell(List<String> now) {
    List<String> before = rivals;
    now.stream().filter(rival -> !before.contains(rival)).forEach(LOG::warn);
    rivals = now;
  }

  /**
   * Not a failure of this agent, which goes on serving: a node that is moved over from one network
   * to another must not leave its load balancers for that.
   */
  @Override
  public List<String> problems() {
    return rivals;
  }

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    return false;
  }

  @Override
  public Map<String, String> status() {
    return facts;
  }

  @Override
  public void close() {
    watches.values().forEach(FolderWatch::close);
  }
}
