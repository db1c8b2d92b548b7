package io.fairlead.iptables;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.iptables.kernel.RecordingXtables;
import io.fairlead.iptables.kernel.XtablesComparison;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.iptables.kernel.XtablesSnapshot;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Services as chains of the iptables tables nat and filter.
 *
 * <p>{@link #commit} sends the chains that differ, in one change per table. Where the kernel's part
 * takes its time (iptables-legacy, whose lock others may hold) it does not wait for it; the next
 * commit then fails with a refusal that came meanwhile, and the one after it looks at what there
 * is. One thread at a time, except {@link #distrust}, which any may call.
 */
public final class IptablesServices implements ServiceBackend {

  private static final ObjectKey API_SERVER = new ObjectKey("default", "kubernetes");
  private static final String SYSTEM = "kube-system";
  private static final int DNS = 53;

  /** What the kernel holds of ours in one family. */
  private record Held(XtablesSnapshot nat, XtablesSnapshot filter) {}

  /**
   * What has to be rendered. Sorted: a hash table would stay as large as the first sync made it,
   * and each use cost that.
   */
  private record Dirty(Set<PortId> ports, Set<FrontendAddress> addresses) {

    Dirty() {
      this(new TreeSet<>(), new TreeSet<>());
    }

    void add(ObjectKey service, @Nullable ServiceFragment fragment) {
      if (fragment != null) {
        fragment.ports().forEach(port -> ports.add(PortId.of(service, port)));
      }
    }

    Dirty of(AddressFamily family) {
      Dirty part = new Dirty();
      ports.stream().filter(id -> id.family() == family).forEach(part.ports::add);
      addresses.stream().filter(one -> one.family() == family).forEach(part.addresses::add);
      return part;
    }

    boolean isEmpty() {
      return ports.isEmpty() && addresses.isEmpty();
    }

    void clear() {
      ports.clear();
      addresses.clear();
    }
  }

  private final XtablesKernel kernel;
  private final AddressClaims claims;
  private final Pending pending;
  private final AtomicBoolean trusted = new AtomicBoolean();
  private final Dirty dirty = new Dirty();
  private final Map<AddressFamily, FamilyChains> families = new EnumMap<>(AddressFamily.class);
  private ServiceSettings settings;

  /**
   * Touches nothing until the first commit.
   *
   * @param kernel closed together with this object
   * @param claims kept by the caller, who tells of all that changes in them
   * @param refused run, by any thread, when a change is refused after the commit that made it has
   *     returned: it is time for another one
   */
  public IptablesServices(
      XtablesKernel kernel, AddressClaims claims, ServiceSettings settings, Runnable refused) {
    this.kernel = kernel;
    this.claims = claims;
    this.settings = settings;
    this.pending =
        new Pending(() -> {
          trusted.set(false);
          refused.run();
        });
  }

  @Override
  public void settings(ServiceSettings current) {
    if (!settings.equals(current)) {
      settings = current;
      distrust();
    }
  }

  @Override
  public void update(ServiceChange change) {
    if (!change.isEmpty()) {
      dirty.add(change.service(), change.before());
      dirty.add(change.service(), change.after());
      dirty.addresses().addAll(change.addresses());
    }
  }

  @Override
  public void distrust() {
    trusted.set(false);
  }

  @Override
  public boolean isPending() {
    return !dirty.isEmpty() || !trusted.get();
  }

  @Override
  public List<String> commit() throws IOException {
    pending.check();
    List<String> texts = trusted.get() ? attempt(this::change) : attempt(this::synchronize);
    pending.confirmRecovery();
    return texts;
  }

  @Override
  public void whenInKernel(Runnable task) {
    pending.whenDone(task);
  }

  @Override
  public List<String> audit() throws IOException {
    pending.check();
    List<String> texts = attempt(this::synchronize);
    pending.confirmRecovery();
    return texts;
  }

  private interface Work {
    void run(List<String> texts, List<CompletableFuture<Void>> results) throws IOException;
  }

  private List<String> attempt(Work work) throws IOException {
    List<String> texts = new ArrayList<>();
    List<CompletableFuture<Void>> results = new ArrayList<>();
    try {
      work.run(texts, results);
      dirty.clear();
      pending.add(results);
      return texts;
    } catch (IOException | RuntimeException e) {
      // What was rendered is ahead of the kernel now.
      trusted.set(false);
      throw e;
    }
  }

  private void change(List<String> texts, List<CompletableFuture<Void>> results) {
    render(dirty, Map.of(), texts, results);
  }

  private void synchronize(List<String> texts, List<CompletableFuture<Void>> results)
      throws IOException {
    // Before reading, so that a change during the reading is not overlooked.
    trusted.set(true);
    families.clear();
    Map<AddressFamily, Held> held = new EnumMap<>(AddressFamily.class);
    for (AddressFamily family : AddressFamily.values()) {
      families.put(family, new FamilyChains(family, settings));
      held.put(
          family,
          new Held(
              kernel.read(family, IptablesTable.NAT), kernel.read(family, IptablesTable.FILTER)));
    }
    pending.forget();
    boolean isCold =
        held.values().stream()
            .allMatch(one -> one.nat().chains().isEmpty() && one.filter().chains().isEmpty());
    if (isCold) {
      // What every other program waits for first.
      render(all(this::isUrgent), held, texts, results);
      render(all(_ -> true), Map.of(), texts, results);
    } else {
      render(all(_ -> true), held, texts, results);
    }
  }

  private boolean isUrgent(ServiceFragment fragment) {
    ObjectKey service = fragment.service();
    return service.equals(API_SERVER)
        || (service.namespace().equals(SYSTEM)
            && fragment.ports().stream()
                .anyMatch(
                    port -> port.frontends().keySet().stream().anyMatch(one -> one.port() == DNS)));
  }

  private Dirty all(Predicate<ServiceFragment> test) {
    Dirty all = new Dirty();
    for (ServiceFragment fragment : claims.fragments()) {
      if (test.test(fragment)) {
        all.add(fragment.service(), fragment);
        fragment.ports().stream()
            .flatMap(port -> port.frontends().keySet().stream())
            .filter(address -> claims.isOwner(fragment.service(), address))
            .forEach(all.addresses()::add);
      }
    }
    return all;
  }

  /**
   * @param held per family what is in the kernel; absent if that is what was rendered last
   */
  private void render(
      Dirty wanted,
      Map<AddressFamily, Held> held,
      List<String> texts,
      List<CompletableFuture<Void>> results) {
    families.forEach((family, chains) -> {
      Dirty part = wanted.of(family);
      Held present = held.get(family);
      if (present != null || !part.isEmpty()) {
        TableWriter nat =
            new TableWriter(
                kernel,
                family,
                IptablesTable.NAT,
                present == null ? null : present.nat(),
                texts,
                results);
        TableWriter filter =
            new TableWriter(
                kernel,
                family,
                IptablesTable.FILTER,
                present == null ? null : present.filter(),
                texts,
                results);
        chains.update(claims, part.ports(), part.addresses(), nat, filter);
        nat.finish();
        filter.finish();
      }
    });
  }

  @Override
  public List<KernelObject> evidence(FrontendAddress address) throws IOException {
    FamilyChains chains = families.get(address.family());
    if (chains == null) {
      return List.of();
    }
    List<KernelObject> objects = new ArrayList<>();
    for (AddressWay way : chains.ways(address)) {
      objects.addAll(
          AddressEvidence.read(
              kernel,
              address.family(),
              way,
              way.table() == IptablesTable.NAT ? chains.lastChains() : Map.of()));
    }
    return objects;
  }

  @Override
  public void remove() throws IOException {
    trusted.set(false);
    families.clear();
    kernel.cleanup();
  }

  /**
   * What would have to change in the kernel for Services as {@code wanted}. Changes nothing, and
   * costs what {@link #audit} does.
   *
   * @param reader reads from the kernel that is compared
   * @throws IOException if it could not be read
   */
  public static Comparison compare(
      XtablesKernel reader, AddressClaims wanted, ServiceSettings settings) throws IOException {
    RecordingXtables recording = new RecordingXtables(reader);
    IptablesServices fresh = new IptablesServices(recording, wanted, settings, () -> {});
    var _ = fresh.audit();
    return XtablesComparison.of(recording);
  }

  /** The number of addresses and node ports in the kernel. */
  public int addresses() {
    return families.values().stream().mapToInt(FamilyChains::addresses).sum();
  }

  @Override
  public void close() {
    kernel.close();
  }
}
