package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An IPVS that exists in memory only, for tests without a kernel. It refuses what the kernel
 * refuses with the same error numbers, and its {@link #toString} is canonical text. It carries no
 * packets and counts only what it is told to; a real server that returns begins anew, where the
 * kernel may remember its connections. Not thread-safe.
 */
public final class FakeIpvs implements IpvsKernel {

  /** The schedulers of Linux. */
  public static final Set<String> SCHEDULERS =
      Set.of(
          "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "mh", "sed", "nq", "fo", "ovf",
          "twos");

  /** IP_VS_SCHEDNAME_MAXLEN of linux/ip_vs.h counts the NUL, too. */
  private static final int LONGEST_NAME = 15;

  private final Set<String> schedulers;
  private final SortedMap<VirtualServerId, FakeVirtualServer> servers = new TreeMap<>();
  private final List<IpvsOperation> applied = new ArrayList<>();
  private final Map<String, Integer> refusals = new HashMap<>();
  private final List<SyncDaemon> daemons = new ArrayList<>();
  private @Nullable IOException nextFailure;
  private IpvsTimeouts timeouts = new IpvsTimeouts(900, 120, 300);
  private int messages;

  /** One with all schedulers of Linux. */
  public FakeIpvs() {
    this(SCHEDULERS);
  }

  /** One that has and can load only these schedulers. */
  public FakeIpvs(Set<String> schedulers) {
    this.schedulers = Set.copyOf(schedulers);
  }

  /** The operations that took effect since the last call. */
  public List<IpvsOperation> takeApplied() {
    List<IpvsOperation> taken = List.copyOf(applied);
    applied.clear();
    return taken;
  }

  /** How many requests were sent since this was made, refused ones too. */
  public int messages() {
    return messages;
  }

  /** Makes the next {@link #apply} throw {@code failure} and change nothing. */
  public void failNext(IOException failure) {
    nextFailure = failure;
  }

  /** Refuses, once, the operation of this text. */
  public void refuseNext(String operation, int errno) {
    refusals.put(operation, errno);
  }

  /**
   * Makes or changes a virtual server and adds or changes real servers behind the back of whoever
   * uses this, with settings of others too.
   */
  public void disturb(VirtualServer server, RealServer... realServers) {
    FakeVirtualServer known =
        servers.computeIfAbsent(server.id(), _ -> new FakeVirtualServer(server));
    known.set(server);
    for (RealServer real : realServers) {
      if (known.add(real) == Errno.EEXIST) {
        known.change(real);
      }
    }
  }

  /** Applies operations behind the back of whoever uses this. */
  public void disturb(IpvsOperation... operations) throws NetlinkException {
    for (IpvsOperation operation : operations) {
      refuseIf(operation, errnoOf(operation));
    }
  }

  /** Sets what a virtual server counted. */
  public void count(VirtualServerId virtualServer, IpvsStatistics statistics) {
    required(virtualServer).count(statistics);
  }

  /** Sets the connections of a real server. */
  public void count(
      VirtualServerId virtualServer,
      RealServerId realServer,
      int activeConnections,
      int inactiveConnections) {
    count(
        virtualServer, realServer, activeConnections, inactiveConnections, 0, IpvsStatistics.NONE);
  }

  /** Sets all that a real server counts. */
  public void count(
      VirtualServerId virtualServer,
      RealServerId realServer,
      int activeConnections,
      int inactiveConnections,
      int persistentConnections,
      IpvsStatistics statistics) {
    required(virtualServer)
        .count(
            realServer, activeConnections, inactiveConnections, persistentConnections, statistics);
  }

  private FakeVirtualServer required(VirtualServerId id) {
    FakeVirtualServer known = servers.get(id);
    if (known == null) {
      throw new IllegalArgumentException("there is no virtual server " + id);
    }
    return known;
  }

  /** Starts a daemon. */
  public void addDaemon(SyncDaemon daemon) {
    daemons.add(daemon);
  }

  @Override
  public @Nullable VirtualServerStatus virtualServer(VirtualServerId id) {
    messages++;
    FakeVirtualServer known = servers.get(id);
    return known == null ? null : known.status();
  }

  @Override
  public List<VirtualServerStatus> virtualServers() {
    messages++;
    return servers.values().stream().map(FakeVirtualServer::status).toList();
  }

  @Override
  public List<RealServerStatus> realServers(VirtualServerId virtualServer) {
    messages++;
    FakeVirtualServer known = servers.get(virtualServer);
    return known == null ? List.of() : known.realServers();
  }

  @Override
  public List<Failure> apply(List<? extends IpvsOperation> operations) throws IOException {
    IOException failure = nextFailure;
    if (failure != null) {
      nextFailure = null;
      throw failure;
    }
    List<Failure> failures = new ArrayList<>();
    for (IpvsOperation operation : operations) {
      messages++;
      try {
        Integer refusal = refusals.isEmpty() ? null : refusals.remove(operation.toString());
        refuseIf(operation, refusal == null ? errnoOf(operation) : refusal);
        applied.add(operation);
      } catch (NetlinkException e) {
        failures.add(new Failure(operation, e));
      }
    }
    return failures;
  }

  private static void refuseIf(IpvsOperation operation, int errno) throws NetlinkException {
    if (errno != 0) {
      throw new NetlinkException(operation.toString(), errno, "", -1, 0);
    }
  }

  /** Applies the operation, or returns the errno for which it is refused. */
  private int errnoOf(IpvsOperation operation) {
    FakeVirtualServer known = servers.get(operation.virtualServer());
    if (hasLongName(operation)) {
      return Errno.EINVAL;
    }
    if (operation instanceof IpvsOperation.AddVirtualServer(VirtualServer server)) {
      if (known != null) {
        return Errno.EEXIST;
      }
      if (!schedulers.contains(server.scheduler())) {
        return Errno.ENOENT;
      }
      servers.put(server.id(), new FakeVirtualServer(server));
      return 0;
    }
    return known == null ? Errno.ESRCH : errnoOf(operation, known);
  }

  private static boolean hasLongName(IpvsOperation operation) {
    return switch (operation) {
      case IpvsOperation.AddVirtualServer(VirtualServer server) ->
          server.scheduler().length() > LONGEST_NAME;
      case IpvsOperation.ChangeVirtualServer(VirtualServer server) ->
          server.scheduler().length() > LONGEST_NAME;
      case IpvsOperation.DeleteVirtualServer _,
          IpvsOperation.AddRealServer _,
          IpvsOperation.ChangeRealServer _,
          IpvsOperation.DeleteRealServer _ ->
          false;
    };
  }

  private int errnoOf(IpvsOperation operation, FakeVirtualServer known) {
    return switch (operation) {
      case IpvsOperation.AddVirtualServer _ -> Errno.EEXIST;
      case IpvsOperation.ChangeVirtualServer(VirtualServer server) -> {
        if (!schedulers.contains(server.scheduler())) {
          yield Errno.ENOENT;
        }
        known.set(server);
        yield 0;
      }
      case IpvsOperation.DeleteVirtualServer(VirtualServerId id) -> {
        servers.remove(id);
        yield 0;
      }
      case IpvsOperation.AddRealServer(_, RealServer server) -> known.add(server);
      case IpvsOperation.ChangeRealServer(_, RealServer server) -> known.change(server);
      case IpvsOperation.DeleteRealServer(_, RealServerId server) -> known.delete(server);
    };
  }

  @Override
  public IpvsTimeouts timeouts() {
    messages++;
    return timeouts;
  }

  @Override
  public void timeouts(IpvsTimeouts wanted) {
    messages++;
    timeouts =
        new IpvsTimeouts(
            wanted.tcp() == 0 ? timeouts.tcp() : wanted.tcp(),
            wanted.tcpFin() == 0 ? timeouts.tcpFin() : wanted.tcpFin(),
            wanted.udp() == 0 ? timeouts.udp() : wanted.udp());
  }

  @Override
  public IpvsInfo info() {
    messages++;
    return new IpvsInfo("1.2.1", 4096);
  }

  @Override
  public List<SyncDaemon> daemons() {
    messages++;
    return List.copyOf(daemons);
  }

  /** Every virtual server with its real servers, sorted, in the texts of their records. */
  @Override
  public String toString() {
    return servers.values().stream().map(Object::toString).collect(Collectors.joining());
  }

  @Override
  public void close() {}
}
