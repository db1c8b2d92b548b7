package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.config.ProxyMode;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backends in use: the node's table in every mode, and beside it the one of another mode. On a
 * change of mode the new one is complete before the old one goes, so that at every moment one of
 * them translates; connections that exist keep their translation in conntrack whatever happens
 * here. Used by the reconciling thread only.
 */
final class ServiceBackends implements AutoCloseable {

  /** The node's table, which has Services in mode nftables only. */
  interface NodeTable extends ServiceBackend {

    /** Whether the table has Services, from the next commit on. */
    void serve(boolean services);
  }

  /** Makes a backend that has touched nothing yet. */
  interface Opener {
    ServiceBackend open(ServiceSettings settings) throws IOException;

    /** Removes what earlier runs left in the kernel. */
    void removeLeftovers() throws IOException;
  }

  private final NodeTable table;
  private final Opener iptables;
  private final Consumer<String> leftoverProblem;
  private final Runnable pending;
  private ServiceSettings settings;
  private ProxyMode mode;
  private @Nullable ServiceBackend other;
  private boolean leftoversKnown;

  /** Whether the kernel has all Services of the other backend; set by any thread. */
  private volatile boolean otherHoldsAll;

  private boolean switched = true;

  /**
   * @param table closed together with this object
   * @param iptables opened when the mode first asks for it, and at the first commit in another mode
   *     to remove what an earlier run left
   * @param leftoverProblem told if that removal is not possible; it does not keep Services from
   *     working
   * @param pending run, by any thread, when a commit should be made although no Service changed
   */
  ServiceBackends(
      NodeTable table,
      Opener iptables,
      ServiceSettings settings,
      ProxyMode mode,
      Consumer<String> leftoverProblem,
      Runnable pending) {
    this.table = table;
    this.iptables = iptables;
    this.settings = settings;
    this.mode = mode;
    this.leftoverProblem = leftoverProblem;
    this.pending = pending;
  }

  void mode(ProxyMode next) {
    if (mode != next) {
      mode = next;
      switched = true;
    }
  }

  void settings(ServiceSettings next) {
    settings = next;
    table.settings(next);
    if (other != null) {
      other.settings(next);
    }
  }

  void update(ServiceChange change) {
    table.update(change);
    if (other != null) {
      other.update(change);
    }
  }

  boolean isPending() {
    return switched || table.isPending() || (other != null && other.isPending());
  }

  /** Brings the kernel to what is wanted and returns what it took. */
  List<String> commit() throws IOException {
    return run(ServiceBackend::commit);
  }

  /** Compares the kernel with what is wanted, repairs it and returns what it took. */
  List<String> audit() throws IOException {
    return run(ServiceBackend::audit);
  }

  /** As {@link ServiceBackend#whenInKernel}, for all backends in use. */
  void whenInKernel(Runnable task) {
    ServiceBackend backend = other;
    table.whenInKernel(() -> {
      if (backend == null) {
        task.run();
      } else {
        backend.whenInKernel(task);
      }
    });
  }

  private interface Step {
    List<String> take(ServiceBackend backend) throws IOException;
  }

  private List<String> run(Step step) throws IOException {
    List<String> done = new ArrayList<>();
    switch (mode) {
      case NFTABLES, NONE -> {
        table.serve(mode == ProxyMode.NFTABLES);
        done.addAll(step.take(table));
        removeOther();
      }
      case IPTABLES -> {
        ServiceBackend backend = other;
        if (backend == null) {
          backend = iptables.open(settings);
          other = backend;
        }
        done.addAll(commitBoth(backend, step));
        leftoversKnown = true;
      }
      case IPVS ->
          throw new IOException("mode ipvs is not built; set proxy-mode to nftables or iptables");
    }
    switched = false;
    return done;
  }

  /** The table's own work is done even if the other backend cannot do its: pods need it. */
  private List<String> commitBoth(ServiceBackend backend, Step step) throws IOException {
    List<String> done = new ArrayList<>();
    try {
      done.addAll(step.take(backend));
      if (!otherHoldsAll) {
        awaitFirstCommit(backend);
      }
      table.serve(!otherHoldsAll);
    } finally {
      done.addAll(step.take(table));
    }
    return done;
  }

  /** The table keeps its Services until then, which may be at once or much later. */
  private void awaitFirstCommit(ServiceBackend backend) {
    long caller = Thread.currentThread().threadId();
    backend.whenInKernel(() -> {
      otherHoldsAll = true;
      if (Thread.currentThread().threadId() != caller) {
        pending.run();
      }
    });
  }

  private void removeOther() throws IOException {
    ServiceBackend backend = other;
    if (backend != null) {
      backend.remove();
      backend.close();
      other = null;
      otherHoldsAll = false;
      leftoversKnown = true;
    } else if (!leftoversKnown) {
      leftoversKnown = true;
      removeLeftovers();
    }
  }

  private void removeLeftovers() {
    try {
      iptables.removeLeftovers();
    } catch (IOException e) {
      leftoverProblem.accept(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    if (other != null) {
      other.close();
    }
    table.close();
  }
}
