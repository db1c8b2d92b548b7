package io.fairlead.ipvs;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.IpvsComparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.evidence.TableComparison;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.ipvs.RecordingIpvs;
import io.fairlead.dataplane.netlink.nftables.RecordingNfTables;
import io.fairlead.dataplane.netlink.route.RecordingRoutes;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.sys.SystemCallException;
import io.fairlead.ipvs.address.AddressWatch;
import io.fairlead.ipvs.address.InterfaceAddresses;
import io.fairlead.ipvs.address.NodeAddresses;
import io.fairlead.ipvs.address.VirtualAddressRoutes;
import io.fairlead.ipvs.companion.CompanionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Services as virtual servers of IPVS, with routes that lead packets to it and a table of rules for
 * what it cannot do.
 *
 * <p>{@link #commit} sends what differs. Endpoints that leave a TCP port keep their connections
 * until these end or their time is up; from time to time a commit is asked for to look after them.
 * One thread at a time, except {@link #distrust} and {@link #distrustAddresses}, which any may
 * call.
 */
public final class IpvsServices implements ServiceBackend {

  private final IpvsKernels kernels;
  private final CompanionTable companion;
  private final VirtualAddressRoutes routes;
  private final NodeAddresses addresses;
  private final AddressClaims claims;
  private final IpvsSettings ipvsSettings;
  private final Schedulers schedulers;
  private final Desired desired;
  private final Committed committed;
  private final Alarm alarm;
  private final Notices notices;
  private final Runnable pending;

  /** Sorted: a hash table would stay as large as the first sync made it, and each use cost that. */
  private final Set<FrontendAddress> dirty = new TreeSet<>();

  private final AtomicBoolean trusted = new AtomicBoolean();
  private final AtomicBoolean addressesChanged = new AtomicBoolean(true);
  private final AtomicBoolean awake = new AtomicBoolean();
  private volatile List<String> problems = List.of();
  private List<IpAddress> preferredSources = List.of();
  private ServiceSettings settings;
  private long alarmAt;
  private boolean isAlarmSet;

  /** Whether the node's addresses need another table, from the reading of them to the next one. */
  private boolean isTableStale;

  /**
   * Touches nothing until the first commit.
   *
   * @param claims kept by the caller, who tells of all that changes in them
   * @param notices told by {@link #commit} what somebody should mend
   * @param pending run, by any thread, when it is time for a commit although no Service changed
   */
  public IpvsServices(
      IpvsKernels kernels,
      AddressClaims claims,
      ServiceSettings settings,
      IpvsSettings ipvsSettings,
      Notices notices,
      Runnable pending) {
    this(kernels, claims, settings, ipvsSettings, notices, pending, Alarm.SYSTEM);
  }

  IpvsServices(
      IpvsKernels kernels,
      AddressClaims claims,
      ServiceSettings settings,
      IpvsSettings ipvsSettings,
      Notices notices,
      Runnable pending,
      Alarm alarm) {
    this.kernels = kernels;
    this.companion = new CompanionTable(kernels.tables(), settings);
    this.routes = new VirtualAddressRoutes(kernels.routes());
    this.addresses = new NodeAddresses(kernels.routes());
    this.claims = claims;
    this.settings = settings;
    this.ipvsSettings = ipvsSettings;
    this.notices = notices;
    this.pending = pending;
    this.alarm = alarm;
    this.committed =
        new Committed(
            new Drain(ipvsSettings.drainSeconds()),
            new InsideMarks(settings.masqueradeMark()),
            routes);
    this.schedulers = new Schedulers(ipvsSettings.scheduler(), notices);
    this.desired = new Desired(claims, ipvsSettings, schedulers, committed.marks, notices);
  }

  /**
   * Follows the node's addresses, and what others do to our routes, from now on. To be called
   * before the first commit, in the network namespace of the kernels; the caller closes it.
   */
  public AddressWatch watch() throws SystemCallException {
    return AddressWatch.start(
        addresses,
        routes,
        () -> {
          addressesChanged.set(true);
          pending.run();
        });
  }

  /**
   * Says from which of its addresses the node's own connections to Services should come.
   *
   * @param preferred the node's addresses in the cluster, best first
   */
  public void sources(List<IpAddress> preferred) {
    if (!preferredSources.equals(preferred)) {
      preferredSources = List.copyOf(preferred);
      addressesChanged.set(true);
    }
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
    dirty.addAll(change.addresses());
    if (change.after() == null) {
      schedulers.forget(change.service());
    }
  }

  @Override
  public void distrust() {
    trusted.set(false);
  }

  /** The node may have other addresses than before: the next commit reads them. Thread-safe. */
  public void distrustAddresses() {
    addresses.distrust();
    addressesChanged.set(true);
  }

  @Override
  public boolean isPending() {
    return !dirty.isEmpty()
        || !trusted.get()
        || addressesChanged.get()
        || routes.isPending()
        || awake.get();
  }

  @Override
  public List<String> commit() throws IOException {
    return trusted.get() ? attempt(this::change) : audit();
  }

  @Override
  public List<String> audit() throws IOException {
    // Before reading, so that a change during the reading is not overlooked.
    trusted.set(true);
    return attempt(this::synchronize);
  }

  private interface Work {
    List<String> run() throws IOException;
  }

  private List<String> attempt(Work work) throws IOException {
    if (awake.getAndSet(false)) {
      isAlarmSet = false;
    }
    try {
      List<String> texts = work.run();
      dirty.clear();
      return texts;
    } catch (IOException | RuntimeException e) {
      // Something is not as it should be: the next commit looks at everything.
      trusted.set(false);
      throw e;
    } finally {
      tellProblems();
      setAlarm();
    }
  }

  private void tellProblems() {
    List<String> current = List.copyOf(routes.problems());
    current.stream()
        .filter(problem -> !problems.contains(problem))
        .forEach(problem -> notices.notice(null, problem));
    problems = current;
  }

  private List<String> change() throws IOException {
    Set<VirtualAddress> changed = new TreeSet<>();
    if (addressesChanged.getAndSet(false)) {
      movePlaces(changed);
    }
    if (isTableStale) {
      return synchronize();
    }
    dirty.forEach(frontend -> changed.addAll(desired.places().of(frontend)));
    Commit commit = newCommit();
    changed.forEach(commit::add);
    for (var id : committed.drain.takeDue(alarm.now())) {
      commit.addDraining(id);
    }
    return commit.change();
  }

  /** Adds what is at addresses that an interface got or lost meanwhile. */
  private void movePlaces(Set<VirtualAddress> changed) throws IOException {
    NodePlaces before = desired.places();
    readPlaces();
    NodePlaces after = desired.places();
    if (!after.known().equals(before.known()) || !after.sources().equals(before.sources())) {
      addRestricted(changed);
    }
    Set<IpAddress> moved = after.difference(before);
    if (moved.isEmpty()) {
      return;
    }
    for (VirtualAddress address : committed.destinations().keySet()) {
      if (moved.contains(address.address())) {
        changed.add(address);
      }
    }
    for (FrontendAddress frontend : claims.addresses()) {
      for (VirtualAddress address : after.of(frontend)) {
        if (moved.contains(address.address())) {
          changed.add(address);
        }
      }
    }
  }

  /** Adds the addresses that admit only some clients, of which the node may be one. */
  private void addRestricted(Set<VirtualAddress> changed) {
    committed
        .destinations()
        .forEach((address, to) -> {
          if (to.treatment().allowedSources() != null) {
            changed.add(address);
          }
        });
  }

  private void readPlaces() throws IOException {
    InterfaceAddresses current = addresses.current();
    desired.places(NodePlaces.of(current, preferredSources, settings));
    routes.nodeAddresses(current, preferredSources);
    isTableStale |= companion.own(current.usable());
  }

  private List<String> synchronize() throws IOException {
    addressesChanged.set(false);
    readPlaces();
    isTableStale = false;
    companion.settings(settings);
    routes.settings(settings.serviceCidrs());
    Synchronization work = newSynchronization();
    List<String> texts = new ArrayList<>(work.setTimeouts());
    work.read();
    if (work.isCold()) {
      // What every other program waits for first.
      Commit urgent = newCommit();
      work.addUrgent(urgent);
      try {
        texts.addAll(urgent.synchronize());
      } catch (Refusals.RefusedException _) {
        // Tried again with the rest, which need not wait for it.
      }
      Commit all = newCommit();
      work.addAll(all);
      texts.addAll(all.change());
    } else {
      Commit all = newCommit();
      work.addAll(all);
      texts.addAll(all.synchronize());
    }
    return texts;
  }

  private Synchronization newSynchronization() {
    return new Synchronization(
        kernels.ipvs(), companion, routes, claims, ipvsSettings, desired, committed);
  }

  private Commit newCommit() {
    return new Commit(
        kernels.ipvs(), companion, routes, desired, committed, this::mayBeLocal, alarm.now());
  }

  /** Whether a pod of this node may have the address, and so meet itself. */
  private boolean mayBeLocal(IpAddress address) {
    return switch (settings.localPods()) {
      case LocalPods.Networks(List<Cidr> cidrs) -> {
        for (Cidr cidr : cidrs) {
          if (cidr.contains(address)) {
            yield true;
          }
        }
        yield false;
      }
      case LocalPods.Interface _, LocalPods.InterfacePrefix _, LocalPods.Unknown _ -> true;
    };
  }

  /** Has somebody wake us when it is time to look at what drains; too early does no harm. */
  private void setAlarm() {
    long now = alarm.now();
    long wait = committed.drain.untilNext(now);
    if (wait != Long.MAX_VALUE && (!isAlarmSet || now + wait - alarmAt < 0)) {
      isAlarmSet = true;
      alarmAt = now + wait;
      alarm.after(
          Math.max(wait, 0),
          () -> {
            awake.set(true);
            pending.run();
          });
    }
  }

  /**
   * What would have to change in the kernel for Services as {@code wanted}. Changes nothing, and
   * costs what {@link #audit} does.
   *
   * @param sources as {@link #sources} takes them
   * @throws IOException if the kernel could not be read
   */
  public Comparison compare(
      AddressClaims wanted, ServiceSettings wantedSettings, List<IpAddress> sources)
      throws IOException {
    RecordingIpvs ipvs = new RecordingIpvs(kernels.ipvs());
    RecordingNfTables tables = new RecordingNfTables(kernels.tables());
    RecordingRoutes reader = new RecordingRoutes(kernels.routes());
    IpvsServices fresh =
        new IpvsServices(
            new IpvsKernels(ipvs, tables, reader),
            wanted,
            wantedSettings,
            ipvsSettings,
            (_, _) -> {},
            () -> {},
            Alarm.NEVER);
    schedulers.teach(fresh.schedulers);
    fresh.sources(sources);
    if (desired.isRetired()) {
      fresh.desired.retire();
    }
    var _ = fresh.audit();
    return IpvsComparison.of(ipvs)
        .plus(TableComparison.of(CompanionTable.table(), tables))
        .plus(routes.compare(reader));
  }

  @Override
  public List<KernelObject> evidence(FrontendAddress address) throws IOException {
    FrontendEvidence evidence =
        new FrontendEvidence(kernels.ipvs(), companion, routes, committed, this::mayBeLocal);
    List<KernelObject> objects = new ArrayList<>();
    for (VirtualAddress one : desired.places().of(address)) {
      objects.addAll(evidence.read(one));
    }
    return objects;
  }

  @Override
  public void remove() throws IOException {
    trusted.set(false);
    newSynchronization().remove();
    routes.remove();
    CompanionTable.cleanup(kernels.tables());
  }

  /** Where each address leads that is in the kernel. */
  Map<VirtualAddress, Destination> destinations() {
    return committed.destinations();
  }

  /** Whether an interface has an address, as far as events have told. */
  boolean holds(IpAddress address) throws IOException {
    return addresses.current().held().contains(address);
  }

  /**
   * Which port of a Service clients inside reach by a packet mark; null if none that is known.
   * Thread-safe.
   */
  public @Nullable PortId portOfMark(int mark) {
    return committed.marks.port(mark);
  }

  /**
   * Nothing new is sent to any endpoint any more, and each leaves when its last TCP or SCTP
   * connection has ended or its time is up. UDP flows find the other backend with their second
   * packet: the first one meets a virtual server that is gone, which makes the kernel forget both.
   */
  @Override
  public boolean retire() throws IOException {
    if (!desired.isRetired()) {
      desired.retire();
      distrust();
    }
    commit();
    if (committed.servers.size() > 0) {
      return false;
    }
    remove();
    return true;
  }

  /** What an operator should mend although Services work, as sentences. Thread-safe. */
  public List<String> problems() {
    return problems;
  }

  /** The number of addresses and ports in the kernel. */
  public int addresses() {
    return committed.destinations().size();
  }

  /** How many endpoints only wait for their connections to end. */
  public int draining() {
    return committed.drain.size();
  }

  /** Does nothing: the caller closes the kernels. */
  @Override
  public void close() {}
}
