package io.fairlead.nftables;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.EndpointSet;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServicePortFragment;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A small cluster: this node has 10.244.1.0/24 and fd00:244:1::/64. */
final class Samples {

  static final NodeNetwork NETWORK =
      new NodeNetwork(
          List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:1::/64")),
          List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/32")),
          List.of());

  private Samples() {}

  static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }

  /** "10.96.0.10:80" or "[fd00::a]:80". */
  static EndpointAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String address = text.substring(0, colon).replaceAll("[\\[\\]]", "");
    return new EndpointAddress(
        IpAddress.parse(address), Integer.parseInt(text.substring(colon + 1)));
  }

  /** A Service with one virtual address. */
  static Optional<ServiceFragment> service(
      String name, Protocol protocol, String address, String... endpoints) {
    return service(
        name,
        protocol,
        parse(address),
        Arrays.stream(endpoints).map(Samples::parse).sorted().toList());
  }

  /** The same without texts: for many. */
  static Optional<ServiceFragment> service(
      String name, Protocol protocol, EndpointAddress virtual, List<EndpointAddress> endpoints) {
    VirtualAddress frontend = new VirtualAddress(virtual.address(), protocol, virtual.port());
    EndpointSet cluster = new EndpointSet(endpoints, Absence.REFUSE);
    TreeMap<FrontendAddress, Frontend> frontends = new TreeMap<>();
    frontends.put(
        frontend,
        new Frontend(
            Frontend.Kind.CLUSTER_IP,
            Frontend.Reach.CLUSTER,
            Frontend.Masquerade.ALL_BUT_LOCAL_PODS,
            null));
    ServicePortFragment port =
        new ServicePortFragment(
            "",
            protocol,
            frontend.family(),
            cluster,
            new EndpointSet(List.of(), Absence.REFUSE),
            0,
            "",
            frontends);
    return Optional.of(new ServiceFragment(key(name), 0, List.of(port)));
  }

  static Optional<ServiceFragment> tcp(String name, String address, String... endpoints) {
    return service(name, Protocol.TCP, address, endpoints);
  }
}
