package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.netlink.generic.MissingFamilyException;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.ipvs.IpvsKernels;
import io.fairlead.ipvs.IpvsServices;
import io.fairlead.ipvs.IpvsSettings;
import io.fairlead.ipvs.address.VirtualAddressRoutes;
import io.fairlead.ipvs.companion.CompanionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Removes what an earlier run in mode ipvs left in the kernel. Stateless. */
public final class IpvsLeftovers {

  private static final ServiceSettings ANY = ServiceSettings.ofPods(List.of());

  private IpvsLeftovers() {}

  /**
   * Removes our virtual servers, routes and table, in the calling thread's network namespace.
   * Others' virtual servers stay. IPVS is not loaded where our table, which knows our virtual
   * servers, is not there.
   *
   * @return what was removed; empty if there was nothing
   */
  public static List<String> remove() throws IOException {
    List<String> removed = new ArrayList<>();
    try (NfTablesSocket tables = NfTablesSocket.open();
        RouteSocket routes = RouteSocket.open()) {
      if (tables.tables().stream().anyMatch(table -> table.name().equals(CompanionTable.table()))) {
        int servers = new CompanionTable(tables, ANY).read().served().size();
        removeAll(tables, routes);
        removed.add(
            "delete " + servers + " virtual servers of IPVS, and table " + CompanionTable.table());
      }
      removed.addAll(VirtualAddressRoutes.cleanup(routes));
    }
    return removed;
  }

  private static void removeAll(NfTablesKernel tables, RouteKernel routes) throws IOException {
    try (IpvsSocket ipvs = IpvsSocket.open();
        IpvsServices services =
            new IpvsServices(
                new IpvsKernels(ipvs, tables, routes),
                new AddressClaims(),
                ANY,
                IpvsSettings.DEFAULT,
                (_, _) -> {},
                () -> {})) {
      services.remove();
    } catch (MissingFamilyException e) {
      // Nor can there be virtual servers.
      CompanionTable.cleanup(tables);
    }
  }
}
