package io.fairlead.iptables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.AddressClaims.Owner;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.EndpointSet;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.iptables.PacketWalk.End;
import io.fairlead.iptables.PacketWalk.Packet;
import io.fairlead.iptables.rule.Target.Reject.With;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must become of a packet, by the words of the contract and without any rule. */
final class Contract {

  private final AddressClaims claims;
  private final ServiceSettings settings;
  private final Set<IpAddress> nodeAddresses;

  Contract(AddressClaims claims, ServiceSettings settings, Set<IpAddress> nodeAddresses) {
    this.claims = claims;
    this.settings = settings;
    this.nodeAddresses = nodeAddresses;
  }

  Map<End, Double> expect(Packet packet) {
    Owner owner = owner(packet);
    if (owner == null) {
      return Map.of(unowned(packet), 1.0);
    }
    Frontend frontend = owner.frontend();
    List<Cidr> allowed = frontend.allowedSources();
    if (allowed != null && allowed.stream().noneMatch(cidr -> cidr.contains(packet.source()))) {
      return Map.of(new End.Dropped(), 1.0);
    }
    boolean fromNode = nodeAddresses.contains(packet.source());
    boolean fromPod = isPod(packet);
    EndpointSet set =
        fromNode || fromPod ? owner.port().inside(frontend) : owner.port().outside(frontend);
    if (set.isEmpty()) {
      return Map.of(absent(packet, set.absence()), 1.0);
    }
    boolean masqueraded =
        switch (frontend.masquerade()) {
          case NOBODY -> false;
          case NODE -> fromNode;
          case ALL_BUT_LOCAL_PODS -> !fromPod;
          case EVERYBODY -> true;
        };
    Map<End, Double> ends = new HashMap<>();
    for (EndpointAddress endpoint : set.endpoints()) {
      ends.put(
          new End.Delivered(endpoint, masqueraded || endpoint.address().equals(packet.source())),
          1.0 / set.size());
    }
    return ends;
  }

  private @Nullable Owner owner(Packet packet) {
    Owner owner =
        claims.owner(new VirtualAddress(packet.destination(), packet.protocol(), packet.port()));
    return owner == null && servesNodePorts(packet.destination())
        ? claims.owner(new NodePort(packet.source().family(), packet.protocol(), packet.port()))
        : owner;
  }

  private boolean servesNodePorts(IpAddress address) {
    boolean isLoopback =
        switch (address.family()) {
          case IPV4 -> Cidr.parse("127.0.0.0/8").contains(address);
          case IPV6 -> Cidr.parse("::1/128").contains(address);
        };
    AddressFamily family = address.family();
    List<Cidr> restricted = settings.nodePortAddresses(family);
    return nodeAddresses.contains(address)
        && !isLoopback
        && (restricted.isEmpty() || restricted.stream().anyMatch(cidr -> cidr.contains(address)));
  }

  private boolean isPod(Packet packet) {
    String device = packet.device();
    return switch (settings.localPods()) {
      case LocalPods.Networks(List<Cidr> cidrs) ->
          cidrs.stream().anyMatch(cidr -> cidr.contains(packet.source()));
      case LocalPods.Interface(String name) -> name.equals(device);
      case LocalPods.InterfacePrefix(String prefix) -> device != null && device.startsWith(prefix);
      case LocalPods.Unknown _ -> false;
    };
  }

  private End unowned(Packet packet) {
    boolean isClusterIp =
        claims.addresses().stream()
            .filter(one ->
                one instanceof VirtualAddress virtual
                    && virtual.address().equals(packet.destination()))
            .map(claims::owner)
            .anyMatch(one -> one != null && one.frontend().kind() == Frontend.Kind.CLUSTER_IP);
    if (isClusterIp) {
      return absent(packet, EndpointSet.Absence.REFUSE);
    }
    boolean isUnallocated =
        settings.serviceCidrs().stream().anyMatch(cidr -> cidr.contains(packet.destination()));
    return isUnallocated
        ? new End.Dropped()
        : new End.Delivered(new EndpointAddress(packet.destination(), packet.port()), false);
  }

  private static End absent(Packet packet, EndpointSet.Absence absence) {
    return switch (absence) {
      case DROP -> new End.Dropped();
      case REFUSE ->
          new End.Refused(
              packet.protocol() == Protocol.TCP ? With.TCP_RESET : With.PORT_UNREACHABLE);
    };
  }
}
