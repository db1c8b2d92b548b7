package io.fairlead.ipvs;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.EndpointSet;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServicePortFragment;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.companion.AddressTreatment;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What should be in the kernel at an address, worked out from the claims whenever it is asked. Not
 * thread-safe.
 */
final class Desired {

  private final AddressClaims claims;
  private final IpvsSettings settings;
  private final Schedulers schedulers;
  private final InsideMarks marks;
  private final Notices notices;
  private final Set<String> noticed = new HashSet<>();
  private NodePlaces places = NodePlaces.NONE;
  private Set<Cidr> routed = Set.of();
  private boolean retired;

  Desired(
      AddressClaims claims,
      IpvsSettings settings,
      Schedulers schedulers,
      InsideMarks marks,
      Notices notices) {
    this.claims = claims;
    this.settings = settings;
    this.schedulers = schedulers;
    this.marks = marks;
    this.notices = notices;
  }

  /**
   * Takes note that the kernel does not have a scheduler.
   *
   * @return whether there is another one to try in its place
   */
  boolean lacksScheduler(String scheduler) {
    return schedulers.lacks(scheduler);
  }

  /** From now on nothing is wanted: another backend serves. */
  void retire() {
    retired = true;
  }

  boolean isRetired() {
    return retired;
  }

  void places(NodePlaces current) {
    places = current;
  }

  /** Takes over which destinations an earlier run has made the node's own. */
  void routed(Set<Cidr> destinations) {
    routed = Set.copyOf(destinations);
  }

  boolean isRouted(IpAddress address) {
    return routed.contains(Cidr.host(address))
        || routed.stream().anyMatch(cidr -> cidr.contains(address));
  }

  NodePlaces places() {
    return places;
  }

  /** What an address leads to; null for nowhere. The same for an address that is excluded. */
  @Nullable Destination destination(VirtualAddress address) {
    AddressClaims.Owner owner = owner(address);
    if (owner == null) {
      return null;
    }
    Frontend frontend = owner.frontend();
    ServicePortFragment port = owner.port();
    PortId id = PortId.of(owner.service(), port);
    PortId insidePort = frontend.reach() == Reach.LOCAL_FROM_OUTSIDE ? id : null;
    EndpointSet outside = port.outside(frontend);
    AddressTreatment treatment =
        new AddressTreatment(
            !places.held().contains(address.address()),
            frontend.masquerade(),
            insidePort == null ? 0 : marks.of(insidePort),
            absence(port.inside(frontend)),
            absence(outside),
            places.admitted(frontend.allowedSources()),
            !outside.isEmpty());
    return new Destination(id, frontendAddress(address), treatment, insidePort);
  }

  /** The port whose server by mark an address uses; null if it uses none. */
  @Nullable PortId insidePort(VirtualAddress address) {
    AddressClaims.Owner owner = owner(address);
    return owner != null && owner.frontend().reach() == Reach.LOCAL_FROM_OUTSIDE
        ? PortId.of(owner.service(), owner.port())
        : null;
  }

  private static @Nullable Absence absence(EndpointSet endpoints) {
    return endpoints.isEmpty() ? endpoints.absence() : null;
  }

  /**
   * What remains of an address that leads nowhere while connections to it end. One that an earlier
   * run had no route for was the node's own, and may be another host's now.
   *
   * @param before where it led; null if only an earlier run knew
   */
  Destination leftover(VirtualAddress address, @Nullable Destination before) {
    AddressTreatment treatment =
        new AddressTreatment(
            !places.held().contains(address.address()),
            Masquerade.NOBODY,
            0,
            retired ? null : Absence.REFUSE,
            retired ? null : Absence.REFUSE,
            null,
            true);
    if (before != null) {
      return new Destination(before.port(), before.frontend(), treatment, null);
    }
    FrontendAddress frontend =
        isRouted(address.address())
            ? address
            : new NodePort(address.family(), address.protocol(), address.port());
    return new Destination(null, frontend, treatment, null);
  }

  private AddressClaims.@Nullable Owner owner(VirtualAddress address) {
    AddressClaims.Owner owner = claims.owner(frontendAddress(address));
    if (owner == null || retired) {
      return null;
    }
    if (!settings.excludes(address.address())) {
      return owner;
    }
    String sentence =
        "Service "
            + owner.service()
            + " is not served at "
            + address.address()
            + ", which excludeCIDRs leaves to others";
    if (noticed.add(sentence)) {
      notices.notice(owner.service(), sentence);
    }
    return null;
  }

  /** A node port gives way to a Service's own address that happens to be the node's. */
  private FrontendAddress frontendAddress(VirtualAddress address) {
    return places.serving().contains(address.address()) && claims.owner(address) == null
        ? new NodePort(address.family(), address.protocol(), address.port())
        : address;
  }

  /** The virtual server that should be there; null for none. */
  @Nullable WantedServer server(VirtualServerId id) {
    return switch (id) {
      case VirtualServerId.ByAddress byAddress -> byAddress(WantedServer.address(byAddress));
      case VirtualServerId.ByMark byMark -> {
        PortId port = marks.port(byMark.mark());
        yield port == null || port.family() != byMark.family() ? null : byMark(port, byMark.mark());
      }
    };
  }

  private @Nullable WantedServer byAddress(VirtualAddress address) {
    AddressClaims.Owner owner = owner(address);
    if (owner == null) {
      return null;
    }
    ServicePortFragment port = owner.port();
    EndpointSet endpoints = port.outside(owner.frontend());
    boolean isPersistent = WantedServer.mayPersist(address);
    Scheduling scheduling =
        isPersistent
            ? schedulers.of(owner.service(), port)
            : schedulers.withoutPersistence(owner.service(), port);
    return endpoints.isEmpty()
        ? null
        : WantedServer.byAddress(
            address,
            scheduling.aroundDraining(),
            isPersistent ? port.affinitySeconds() : 0,
            endpoints.endpoints());
  }

  private @Nullable WantedServer byMark(PortId id, int mark) {
    ServicePortFragment port = inside(id);
    return port == null || port.cluster().isEmpty()
        ? null
        : WantedServer.byMark(
            id,
            mark,
            schedulers.withoutPersistence(id.service(), port).aroundDraining(),
            port.cluster().endpoints());
  }

  /** The port, if some address of it treats clients inside apart from others. */
  @Nullable ServicePortFragment inside(PortId id) {
    ServiceFragment fragment = claims.fragment(id.service());
    if (fragment == null || retired) {
      return null;
    }
    for (ServicePortFragment port : fragment.ports()) {
      if (id.isOf(port)) {
        for (Map.Entry<FrontendAddress, Frontend> one : port.frontends().entrySet()) {
          if (one.getValue().reach() == Reach.LOCAL_FROM_OUTSIDE
              && isServed(id.service(), one.getKey())) {
            return port;
          }
        }
      }
    }
    return null;
  }

  private boolean isServed(ObjectKey service, FrontendAddress frontend) {
    return claims.isOwner(service, frontend)
        && places.of(frontend).stream().anyMatch(one -> !settings.excludes(one.address()));
  }
}
