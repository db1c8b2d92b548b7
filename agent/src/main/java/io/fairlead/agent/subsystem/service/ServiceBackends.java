package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.config.ProxyMode;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backends in use: the node's table in every mode, and beside it the one of another mode. On a
 * change of mode the new one is complete before the old one goes, so that at every moment one of
 * them translates. Where no other one is, the table has the Services: also while the kernel cannot
 * do what the mode needs. Used by the reconciling thread only.
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

  /** A backend beside the table. */
  private static final class Running {
    final ServiceBackend backend;

    /** Whether the kernel has all Services of it; set by any thread. */
    volatile boolean holdsAll;

    Running(ServiceBackend backend) {
      this.backend = backend;
    }
  }

  private final NodeTable table;
  private final Map<ProxyMode, Opener> openers;
  private final Consumer<String> leftoverProblem;
  private final Runnable pending;
  private final Map<ProxyMode, Running> running = new EnumMap<>(ProxyMode.class);

  /** Those that serve no more, but have connections. */
  private final Map<ProxyMode, ServiceBackend> retiring = new EnumMap<>(ProxyMode.class);

  /** Modes of which an earlier run may have left something. */
  private final Set<ProxyMode> unknown = EnumSet.noneOf(ProxyMode.class);

  private ServiceSettings settings;
  private ProxyMode mode;
  private boolean switched = true;
  private boolean tableServes = true;

  /**
   * @param table closed together with this object
   * @param openers by mode, for all that the table does not serve itself; each is used when its
   *     mode is first asked for, and after the first commit in another mode to remove what an
   *     earlier run left
   * @param leftoverProblem told if that removal is not possible; it does not keep Services from
   *     working
   * @param pending run, by any thread, when a commit should be made although no Service changed
   */
  ServiceBackends(
      NodeTable table,
      Map<ProxyMode, Opener> openers,
      ServiceSettings settings,
      ProxyMode mode,
      Consumer<String> leftoverProblem,
      Runnable pending) {
    this.table = table;
    this.openers = new EnumMap<>(openers);
    this.unknown.addAll(openers.keySet());
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
    running.values().forEach(other -> other.backend.settings(next));
  }

  void update(ServiceChange change) {
    table.update(change);
    running.values().forEach(other -> other.backend.update(change));
  }

  boolean isPending() {
    return switched
        || table.isPending()
        || running.values().stream().anyMatch(other -> other.backend.isPending())
        || retiring.values().stream().anyMatch(ServiceBackend::isPending);
  }

  /** The mode whose rules serve Services now; another than the wanted one while that cannot. */
  ProxyMode serving() {
    Running wanted = running.get(mode);
    if (!openers.containsKey(mode) || (wanted != null && wanted.holdsAll)) {
      return mode;
    }
    for (Map.Entry<ProxyMode, Running> other : running.entrySet()) {
      if (other.getValue().holdsAll) {
        return other.getKey();
      }
    }
    return ProxyMode.NFTABLES;
  }

  /** The modes that serve no more, but have connections. */
  Set<ProxyMode> retiring() {
    return Set.copyOf(retiring.keySet());
  }

  /** Brings the kernel to what is wanted and returns what it took. */
  List<String> commit() throws IOException {
    return run(ServiceBackend::commit);
  }

  /** Compares the kernel with what is wanted, repairs it and returns what it took. */
  List<String> audit() throws IOException {
    return run(ServiceBackend::audit);
  }

  /** As {@link ServiceBackend#whenInKernel}, for all that the mode needs. */
  void whenInKernel(Runnable task) {
    Running wanted = running.get(mode);
    table.whenInKernel(() -> {
      if (wanted == null) {
        task.run();
      } else {
        wanted.backend.whenInKernel(task);
      }
    });
  }

  /** What serves a frontend in the kernel now. */
  List<KernelObject> evidence(FrontendAddress address) throws IOException {
    Running other = running.get(serving());
    return (other == null ? table : other.backend).evidence(address);
  }

  /**
   * Compares the kernel with Services as {@code wanted}: the table, and the backend of the mode as
   * soon as there is one. Changes nothing.
   */
  Comparison compare(AddressClaims wanted, ServiceInputs inputs) throws IOException {
    Comparison result = compare(table, wanted, inputs);
    Running beside = running.get(mode);
    return beside == null ? result : result.plus(compare(beside.backend, wanted, inputs));
  }

  private static Comparison compare(
      ServiceBackend backend, AddressClaims wanted, ServiceInputs inputs) throws IOException {
    return backend instanceof ComparedBackend compared
        ? compared.compare(wanted, inputs)
        : Comparison.NOTHING;
  }

  private interface Step {
    List<String> take(ServiceBackend backend) throws IOException;
  }

  private List<String> run(Step step) throws IOException {
    List<String> done = new ArrayList<>();
    Opener opener = openers.get(mode);
    boolean complete = true;
    if (opener == null) {
      serveByTable(mode == ProxyMode.NFTABLES);
      done = step.take(table); // As it is: texts are written only if they are read.
    } else {
      complete = commitAll(opener, step, done);
    }
    if (complete) {
      removeOthers();
    }
    switched = false;
    return done;
  }

  /**
   * The wanted backend first. The table's own work is done even if that one cannot do its: pods
   * need it. Those that served until now go on while the wanted one is not complete.
   *
   * @return whether the kernel has all Services of the wanted one
   */
  private boolean commitAll(Opener opener, Step step, List<String> done) throws IOException {
    List<IOException> failures = new ArrayList<>();
    Running wanted = running.get(mode);
    try {
      if (wanted == null) {
        // A new one takes over what one that retires still has in the kernel.
        ServiceBackend retired = retiring.remove(mode);
        if (retired != null) {
          unknown.add(mode); // As if an earlier run had left it, should there be no new one.
          retired.close();
        }
        wanted = new Running(opener.open(settings));
        running.put(mode, wanted);
        unknown.remove(mode);
      }
      done.addAll(step.take(wanted.backend));
      if (!wanted.holdsAll) {
        awaitFirstCommit(wanted);
      }
    } catch (IOException e) {
      failures.add(e);
    }
    boolean complete = failures.isEmpty() && wanted != null && wanted.holdsAll;
    for (Running other : running.values()) {
      if (other != wanted && !complete) {
        attempt(step, other.backend, done, failures);
      }
    }
    serveByTable(running.values().stream().noneMatch(other -> other.holdsAll));
    attempt(step, table, done, failures);
    if (!failures.isEmpty()) {
      IOException first = failures.getFirst();
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
    return complete;
  }

  private static void attempt(
      Step step, ServiceBackend backend, List<String> done, List<IOException> failures) {
    try {
      done.addAll(step.take(backend));
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private void serveByTable(boolean services) {
    if (tableServes != services) {
      tableServes = services;
      table.serve(services);
    }
  }

  /** Which may be at once or much later. */
  private void awaitFirstCommit(Running other) {
    long caller = Thread.currentThread().threadId();
    other.backend.whenInKernel(() -> {
      other.holdsAll = true;
      if (Thread.currentThread().threadId() != caller) {
        pending.run();
      }
    });
  }

  /** Removes those of other modes, and once what earlier runs left of them. */
  private void removeOthers() throws IOException {
    for (ProxyMode other : List.copyOf(running.keySet())) {
      if (other != mode) {
        retiring.put(other, Objects.requireNonNull(running.remove(other)).backend);
      }
    }
    for (ProxyMode other : List.copyOf(retiring.keySet())) {
      if (Objects.requireNonNull(retiring.get(other)).retire()) {
        close(retiring.remove(other));
      }
    }
    for (ProxyMode other : Set.copyOf(unknown)) {
      unknown.remove(other);
      try {
        Objects.requireNonNull(openers.get(other)).removeLeftovers();
      } catch (IOException e) {
        leftoverProblem.accept(String.valueOf(e.getMessage()));
      }
    }
  }

  private static void close(@Nullable ServiceBackend backend) {
    if (backend != null) {
      backend.close();
    }
  }

  @Override
  public void close() {
    retiring.values().forEach(ServiceBackend::close);
    running.values().forEach(other -> other.backend.close());
    table.close();
  }
}
