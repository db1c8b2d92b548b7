package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.metrics.EndpointTraffic;
import io.fairlead.agent.metrics.ServiceTraffic;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.ipvs.IpvsKernel;
import io.fairlead.dataplane.netlink.ipvs.IpvsStatistics;
import io.fairlead.dataplane.netlink.ipvs.RealServerStatus;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerStatus;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.PortId;
import io.fairlead.ipvs.companion.RefusalCounters;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What IPVS counts. Virtual servers are listed at each reading, real servers of those that were
 * used only. Thread-safe; the socket is its own, opened when it is first needed.
 */
final class IpvsTraffic implements AutoCloseable {

  /** Opens the kernel, which loads its module. */
  interface Opener {
    IpvsKernel open() throws IOException;
  }

  /** Reads what clients were kept from IPVS. */
  interface Refusals {
    Map<VirtualAddress, RefusalCounters.Counts> read() throws IOException;
  }

  private final Opener opener;
  private final Function<FrontendAddress, @Nullable ObjectKey> owners;
  private final IntFunction<@Nullable PortId> marks;
  private final Refusals refusals;
  private @Nullable IpvsKernel kernel;

  /**
   * Opens nothing yet.
   *
   * @param owners whose a frontend is; asked on any thread
   * @param marks whose a virtual server by mark is; asked on any thread
   * @param refusals asked on the thread that reads
   */
  IpvsTraffic(
      Opener opener,
      Function<FrontendAddress, @Nullable ObjectKey> owners,
      IntFunction<@Nullable PortId> marks,
      Refusals refusals) {
    this.opener = opener;
    this.owners = owners;
    this.marks = marks;
    this.refusals = refusals;
  }

  /** Whose a virtual server is, and what clients of it would call it. */
  private record Owner(ObjectKey service, Protocol protocol, String frontend) {}

  private @Nullable Owner owner(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.ByAddress server -> {
        FrontendAddress frontend =
            new VirtualAddress(server.address(), server.protocol(), server.port());
        ObjectKey service = owners.apply(frontend);
        if (service == null) {
          // A node port has a virtual server on each address of the node.
          frontend = new NodePort(server.family(), server.protocol(), server.port());
          service = owners.apply(frontend);
        }
        yield service == null ? null : new Owner(service, server.protocol(), frontend.toString());
      }
      case VirtualServerId.ByMark server -> {
        PortId port = marks.apply(server.mark());
        yield port == null ? null : new Owner(port.service(), port.protocol(), inside(port));
      }
    };
  }

  /** "inside http/tcp (IPv4)": what this node and its pods reach, whatever address they used. */
  private static String inside(PortId port) {
    return "inside "
        + port.name()
        + "/"
        + port.protocol().name().toLowerCase(Locale.ROOT)
        + " ("
        + port.family().kubernetesName()
        + ")";
  }

  private IpvsKernel kernel() throws IOException {
    IpvsKernel open = kernel;
    if (open == null) {
      open = opener.open();
      kernel = open;
    }
    return open;
  }

  /** Tells what each frontend was used for. */
  synchronized void readFrontends(Consumer<ServiceTraffic.Counters> sink) throws IOException {
    Map<String, ServiceTraffic.Counters> sums = new TreeMap<>();
    for (VirtualServerStatus server : kernel().virtualServers()) {
      IpvsStatistics counted = server.statistics();
      add(
          owner(server.server().id()),
          counted.connections(),
          counted.incomingPackets() + counted.outgoingPackets(),
          counted.incomingBytes() + counted.outgoingBytes(),
          new RefusalCounters.Counts(0, 0),
          sums);
    }
    refusals
        .read()
        .forEach((address, counts) ->
            add(
                owner(
                    new VirtualServerId.ByAddress(
                        address.protocol(), address.address(), address.port())),
                0,
                0,
                0,
                counts,
                sums));
    sums.values().forEach(sink);
  }

  private static void add(
      @Nullable Owner owner,
      long connections,
      long packets,
      long bytes,
      RefusalCounters.Counts refusals,
      Map<String, ServiceTraffic.Counters> sums) {
    if (owner != null) {
      sums.merge(
          owner.service() + " " + owner.frontend(),
          new ServiceTraffic.Counters(
              owner.service(),
              owner.frontend(),
              connections,
              packets,
              bytes,
              refusals.refused(),
              refusals.dropped()),
          ServiceTraffic.Counters::plus);
    }
  }

  /** Tells what each endpoint was used for. */
  synchronized void readEndpoints(Consumer<EndpointTraffic.Counters> sink) throws IOException {
    Map<String, EndpointTraffic.Counters> sums = new TreeMap<>();
    for (VirtualServerStatus server : kernel().virtualServers()) {
      Owner owner = server.statistics().connections() == 0 ? null : owner(server.server().id());
      if (owner != null) {
        for (RealServerStatus real : kernel().realServers(server.server().id())) {
          if (real.statistics().connections() != 0) {
            EndpointTraffic.Counters counters = counters(owner, real);
            sums.merge(
                owner.service() + " " + counters.endpoint(),
                counters,
                EndpointTraffic.Counters::plus);
          }
        }
      }
    }
    sums.values().forEach(sink);
  }

  private static EndpointTraffic.Counters counters(Owner owner, RealServerStatus real) {
    IpvsStatistics counted = real.statistics();
    return new EndpointTraffic.Counters(
        owner.service(),
        real.server().id() + "/" + owner.protocol().name().toLowerCase(Locale.ROOT),
        counted.connections(),
        counted.incomingPackets() + counted.outgoingPackets(),
        counted.incomingBytes() + counted.outgoingBytes(),
        real.activeConnections(),
        real.inactiveConnections(),
        counted.connectionsPerSecond(),
        counted.incomingPacketsPerSecond() + counted.outgoingPacketsPerSecond(),
        counted.incomingBytesPerSecond() + counted.outgoingBytesPerSecond());
  }

  @Override
  public synchronized void close() {
    if (kernel != null) {
      kernel.close();
      kernel = null;
    }
  }
}
