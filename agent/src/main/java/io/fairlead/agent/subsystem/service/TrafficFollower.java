package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.config.ProxyMode;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.metrics.EndpointTraffic;
import io.fairlead.agent.metrics.ServiceTraffic;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.sys.SystemCallException;
import io.fairlead.ipvs.PortId;
import io.fairlead.ipvs.companion.RefusalCounters;
import io.fairlead.nftables.ServiceCounters;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows whose the addresses are that the kernel counts for, on whatever thread a scrape asks. The
 * counters are those of the mode that serves: of the node's table, of IPVS, or none.
 */
final class TrafficFollower implements ServiceFollower, ServiceTraffic {

  private final AddressClaims claims;
  private final NfTablesSocket kernel;
  private final Supplier<ProxyMode> serving;
  private final IpvsTraffic ipvs;
  private final Map<FrontendAddress, ObjectKey> owners = new ConcurrentHashMap<>();

  private TrafficFollower(
      AddressClaims claims,
      NfTablesSocket kernel,
      Supplier<ProxyMode> serving,
      IntFunction<@Nullable PortId> marks) {
    this.claims = claims;
    this.kernel = kernel;
    this.serving = serving;
    this.ipvs =
        new IpvsTraffic(IpvsSocket::open, owners::get, marks, () -> RefusalCounters.read(kernel));
  }

  /**
   * Opens a socket of its own in the calling thread's network namespace.
   *
   * @param serving the mode whose rules serve Services; asked on other threads
   * @param marks whose a virtual server by mark is; asked on other threads
   */
  static TrafficFollower open(
      AddressClaims claims, Supplier<ProxyMode> serving, IntFunction<@Nullable PortId> marks)
      throws SystemCallException {
    return new TrafficFollower(claims, NfTablesSocket.open(), serving, marks);
  }

  @Override
  public void committed(Collection<ServiceChange> changes, ClusterView view) {
    for (ServiceChange change : changes) {
      for (FrontendAddress address : change.addresses()) {
        AddressClaims.Owner owner = claims.owner(address);
        if (owner == null) {
          owners.remove(address);
        } else {
          owners.put(address, owner.service());
        }
      }
    }
  }

  @Override
  public void read(Consumer<Counters> sink) throws IOException {
    switch (serving.get()) {
      case NFTABLES -> readTable(sink);
      case IPVS -> ipvs.readFrontends(sink);
      case IPTABLES, NONE -> {}
    }
  }

  private void readTable(Consumer<Counters> sink) throws IOException {
    ServiceCounters counters;
    synchronized (kernel) { // Scrapes and questions come on different threads.
      counters = ServiceCounters.read(kernel);
    }
    counters
        .byAddress()
        .forEach((address, counted) -> {
          ObjectKey service = owners.get(address);
          if (service != null) {
            sink.accept(
                new Counters(
                    service,
                    address.toString(),
                    counted.connections(),
                    counted.packets(),
                    counted.bytes(),
                    counted.refused(),
                    counted.dropped()));
          }
        });
  }

  /** Counters of endpoints, which only IPVS has. */
  void readEndpoints(Consumer<EndpointTraffic.Counters> sink) throws IOException {
    if (serving.get() == ProxyMode.IPVS) {
      ipvs.readEndpoints(sink);
    }
  }

  @Override
  public void close() {
    ipvs.close();
    kernel.close();
  }
}
