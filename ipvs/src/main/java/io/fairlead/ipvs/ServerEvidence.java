package io.fairlead.ipvs;

import io.fairlead.dataplane.evidence.Alignment;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.evidence.KernelObject.State;
import io.fairlead.dataplane.netlink.ipvs.IpvsKernel;
import io.fairlead.dataplane.netlink.ipvs.IpvsStatistics;
import io.fairlead.dataplane.netlink.ipvs.RealServer;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.RealServerStatus;
import io.fairlead.dataplane.netlink.ipvs.VirtualServer;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a virtual server and its real servers, beside what was committed. */
final class ServerEvidence {

  private static final String PLACE = "IPVS";

  private ServerEvidence() {}

  /**
   * Reads it now.
   *
   * @param committed null if it should not be there
   */
  static List<KernelObject> read(
      IpvsKernel kernel, VirtualServerId id, ServerMirror.@Nullable Held committed)
      throws IOException {
    List<KernelObject> objects = new ArrayList<>();
    VirtualServerStatus found = kernel.virtualServer(id);
    if (found != null) {
      objects.add(server(found, committed == null ? null : committed.server()));
    } else if (committed != null) {
      objects.add(KernelObject.missing(PLACE, text(committed.server())));
    }
    Map<RealServerId, RealServerStatus> present = new TreeMap<>();
    if (found != null) {
      kernel.realServers(id).forEach(status -> present.put(status.server().id(), status));
    }
    if (committed != null) {
      for (RealServer wanted : committed.realServers()) {
        RealServerStatus status = present.remove(wanted.id());
        objects.add(
            status == null
                ? KernelObject.missing(realPlace(id), text(wanted))
                : realServer(id, status, wanted));
      }
    }
    present
        .values()
        .forEach(status -> objects.add(Alignment.unwanted(realPlace(id), text(status.server()))));
    return objects;
  }

  private static String realPlace(VirtualServerId id) {
    return PLACE + " " + id;
  }

  private static String text(VirtualServer server) {
    return "virtual server " + server;
  }

  private static String text(RealServer server) {
    return "-> " + server;
  }

  private static KernelObject server(VirtualServerStatus found, @Nullable VirtualServer wanted) {
    if (wanted == null) {
      return Alignment.unwanted(PLACE, text(found.server()));
    }
    if (!wanted.equals(found.server())) {
      return Alignment.different(PLACE, text(found.server()), text(wanted));
    }
    IpvsStatistics counts = found.statistics();
    return counted(PLACE, text(found.server()) + " connections " + counts.connections(), counts);
  }

  private static KernelObject realServer(
      VirtualServerId id, RealServerStatus found, RealServer wanted) {
    if (!wanted.equals(found.server())) {
      return Alignment.different(realPlace(id), text(found.server()), text(wanted));
    }
    return counted(
        realPlace(id),
        text(found.server())
            + " active "
            + found.activeConnections()
            + " inactive "
            + found.inactiveConnections()
            + (found.persistentConnections() == 0
                ? ""
                : " persistent " + found.persistentConnections()),
        found.statistics());
  }

  private static KernelObject counted(String place, String text, IpvsStatistics counts) {
    return new KernelObject(
        place, text, State.PRESENT, counts.incomingPackets(), counts.incomingBytes());
  }
}
