package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.ipvs.IpvsKernels;
import io.fairlead.ipvs.IpvsServices;
import io.fairlead.ipvs.IpvsSettings;
import io.fairlead.ipvs.Notices;
import io.fairlead.ipvs.PortId;
import io.fairlead.ipvs.address.AddressWatch;
import io.fairlead.ipvs.companion.CompanionTable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Services over IPVS, together with the sockets they are kept through and what watches them. */
final class IpvsBackend extends ForwardingBackend implements ComparedBackend {

  private final IpvsServices services;
  private final Sockets sockets;

  private IpvsBackend(IpvsServices services, Sockets sockets) {
    super(services);
    this.services = services;
    this.sockets = sockets;
  }

  /** What is open, to be closed from the last to the first. */
  private static final class Sockets {

    private final Deque<Runnable> closing = new ArrayDeque<>();

    void add(Runnable close) {
      closing.push(close);
    }

    void close() {
      while (!closing.isEmpty()) {
        closing.pop().run();
      }
    }
  }

  /**
   * Opens its sockets in the calling thread's network namespace. The kernel loads its module for
   * that.
   *
   * @param pending run, by any thread, when a commit should be made although no Service changed
   * @param disturbed told, by any thread, when somebody else changed the companion table
   * @throws IOException if the kernel has no IPVS; it says how that is mended
   */
  static IpvsBackend open(
      AddressClaims claims,
      ServiceSettings settings,
      IpvsSettings ipvsSettings,
      Notices notices,
      Runnable pending,
      Consumer<String> disturbed)
      throws IOException {
    Sockets sockets = new Sockets();
    try {
      // First, since this is what may be missing.
      IpvsSocket ipvs = IpvsSocket.open();
      sockets.add(ipvs::close);
      NfTablesSocket tables = NfTablesSocket.open();
      sockets.add(tables::close);
      RouteSocket routes = RouteSocket.open();
      sockets.add(routes::close);
      IpvsServices services =
          new IpvsServices(
              new IpvsKernels(ipvs, tables, routes),
              claims,
              settings,
              ipvsSettings,
              notices,
              pending);
      AddressWatch addresses = services.watch();
      sockets.add(addresses::close);
      TableWatch table =
          TableWatch.start(tables, CompanionTable.table(), services::distrust, disturbed);
      sockets.add(table::close);
      return new IpvsBackend(services, sockets);
    } catch (IOException e) {
      sockets.close();
      throw e;
    }
  }

  /** Says from which of its addresses the node's own connections should come, best first. */
  void sources(List<IpAddress> addresses) {
    services.sources(addresses);
  }

  /** As {@link IpvsServices#problems}. */
  List<String> problems() {
    return services.problems();
  }

  /** As {@link IpvsServices#portOfMark}. */
  @Nullable PortId portOfMark(int mark) {
    return services.portOfMark(mark);
  }

  @Override
  public Comparison compare(AddressClaims wanted, ServiceInputs inputs) throws IOException {
    return services.compare(wanted, inputs.settings(), inputs.node().addresses());
  }

  @Override
  public void close() {
    super.close();
    sockets.close();
  }
}
