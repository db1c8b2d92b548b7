package io.fairlead.ipvs;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Service with one port, and its endpoints. */
final class Sample {

  static final String HERE = "node-1";
  static final String ELSEWHERE = "node-2";

  final ObjectKey key;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private List<String> clusterIps = List.of();
  private List<String> externalIps = List.of();
  private List<String> balancerIps = List.of();
  private @Nullable List<Cidr> ranges;
  private TrafficPolicy internal = TrafficPolicy.CLUSTER;
  private TrafficPolicy external = TrafficPolicy.CLUSTER;
  private Protocol protocol = Protocol.TCP;
  private String portName = "";
  private int port = 80;
  private int nodePort;
  private int affinity;
  private String scheduler = "";
  private long created;

  private Sample(ObjectKey key) {
    this.key = key;
  }

  static Sample named(String name) {
    return new Sample(new ObjectKey("default", name));
  }

  static Sample named(String namespace, String name) {
    return new Sample(new ObjectKey(namespace, name));
  }

  Sample clusterIp(String... addresses) {
    clusterIps = List.of(addresses);
    return this;
  }

  Sample externalIp(String... addresses) {
    externalIps = List.of(addresses);
    return this;
  }

  Sample balancerIp(String... addresses) {
    balancerIps = List.of(addresses);
    return this;
  }

  Sample ranges(String... cidrs) {
    ranges = Arrays.stream(cidrs).map(Cidr::parse).toList();
    return this;
  }

  Sample internal(TrafficPolicy policy) {
    internal = policy;
    return this;
  }

  Sample external(TrafficPolicy policy) {
    external = policy;
    return this;
  }

  Sample port(Protocol protocol, int port) {
    this.protocol = protocol;
    this.port = port;
    return this;
  }

  Sample portName(String name) {
    portName = name;
    return this;
  }

  Sample nodePort(int port) {
    nodePort = port;
    return this;
  }

  Sample affinity(int seconds) {
    affinity = seconds;
    return this;
  }

  Sample scheduler(String name) {
    scheduler = name;
    return this;
  }

  Sample created(long seconds) {
    created = seconds;
    return this;
  }

  /** Endpoints on this node. */
  Sample here(String... addresses) {
    return add(HERE, true, addresses);
  }

  /** Endpoints on another node. */
  Sample elsewhere(String... addresses) {
    return add(ELSEWHERE, true, addresses);
  }

  /** Endpoints on this node that terminate, and still serve. */
  Sample drainingHere(String... addresses) {
    return add(HERE, false, addresses);
  }

  private Sample add(String node, boolean ready, String... addresses) {
    for (String address : addresses) {
      endpoints.add(new Endpoint(IpAddress.parse(address), ready, true, !ready, node));
    }
    return this;
  }

  private static List<IpAddress> parse(List<String> addresses) {
    return addresses.stream().map(IpAddress::parse).toList();
  }

  ServiceFragment fragment(ServiceNode node) {
    ServiceRecord service =
        new ServiceRecord(
            key,
            created,
            parse(clusterIps),
            parse(externalIps),
            parse(balancerIps),
            ranges,
            List.of(new ServicePortRecord(portName, protocol, port, nodePort)),
            internal,
            external,
            affinity,
            0,
            scheduler);
    List<EndpointSliceRecord> slices = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      slices.add(
          new EndpointSliceRecord(
              new ObjectKey(key.namespace(), key.name() + "-" + family),
              key,
              family,
              List.of(new EndpointPort(portName, protocol, 8080)),
              endpoints.stream().filter(one -> one.address().family() == family).toList()));
    }
    return ServiceFragment.of(service, slices, node);
  }
}
