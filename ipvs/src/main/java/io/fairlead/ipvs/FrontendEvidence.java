package io.fairlead.ipvs;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.ipvs.IpvsKernel;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.address.VirtualAddressRoutes;
import io.fairlead.ipvs.companion.CompanionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the kernel has of one address, in the order in which packets meet it.
 *
 * @param mayBeLocal whether a pod of this node may have the address
 */
record FrontendEvidence(
    IpvsKernel kernel,
    CompanionTable companion,
    VirtualAddressRoutes routes,
    Committed committed,
    Predicate<IpAddress> mayBeLocal) {

  List<KernelObject> read(VirtualAddress address) throws IOException {
    Set<VirtualServerId> servers = new LinkedHashSet<>();
    Destination to = committed.destinations().get(address);
    if (to != null && to.treatment().insideMark() != 0) {
      servers.add(new VirtualServerId.ByMark(address.family(), to.treatment().insideMark()));
    }
    servers.add(WantedServer.id(address));
    List<KernelObject> objects = new ArrayList<>(routes.evidence(address.address()));
    objects.addAll(companion.evidence(address, hairpins(servers)));
    for (VirtualServerId id : servers) {
      ServerMirror.@Nullable Held held = committed.servers.held(id);
      objects.addAll(ServerEvidence.read(kernel, id, held));
    }
    return objects;
  }

  private List<IpAddress> hairpins(Set<VirtualServerId> servers) {
    Set<IpAddress> endpoints = new TreeSet<>();
    for (VirtualServerId id : servers) {
      ServerMirror.@Nullable Held held = committed.servers.held(id);
      if (held != null) {
        held.realServers().stream()
            .map(RealServer::address)
            .filter(mayBeLocal)
            .forEach(endpoints::add);
      }
    }
    return List.copyOf(endpoints);
  }
}
