package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.metrics.ServiceTraffic;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.sys.SystemCallException;
import io.fairlead.nftables.ServiceCounters;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Knows whose the addresses are that the kernel counts for, on whatever thread a scrape asks. The
 * counters are those of the node's table, so there are none in another mode.
 */
final class TrafficFollower implements ServiceFollower, ServiceTraffic {

  private final AddressClaims claims;
  private final NfTablesSocket kernel;
  private final BooleanSupplier counts;
  private final Map<FrontendAddress, ObjectKey> owners = new ConcurrentHashMap<>();

  private TrafficFollower(AddressClaims claims, NfTablesSocket kernel, BooleanSupplier counts) {
    this.claims = claims;
    this.kernel = kernel;
    this.counts = counts;
  }

  /**
   * Opens a socket of its own in the calling thread's network namespace.
   *
   * @param counts whether the node's table has Services; asked on other threads
   */
  static TrafficFollower open(AddressClaims claims, BooleanSupplier counts)
      throws SystemCallException {
    return new TrafficFollower(claims, NfTablesSocket.open(), counts);
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
    if (!counts.getAsBoolean()) {
      return;
    }
    ServiceCounters.read(kernel)
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

  @Override
  public void close() {
    kernel.close();
  }
}
