package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Services with UDP port 53 and node port 30053, seen from node n1, and what their changes leave to
 * be looked for.
 */
final class UdpCluster {

  private final AddressClaims claims = new AddressClaims();
  private final FlowChanges changes = new FlowChanges();
  private final Map<ObjectKey, List<EndpointSliceRecord>> slices = new HashMap<>();

  /** A Service as a test describes it; each method returns this. */
  static final class Described {
    private final ObjectKey key;
    private long created;
    private int port = 53;
    private int targetPort = 5353;
    private boolean nodePort;
    private List<IpAddress> addresses;
    private TrafficPolicy policy = TrafficPolicy.CLUSTER;
    private final List<Endpoint> endpoints = new ArrayList<>();

    private Described(String name, String... addresses) {
      this.key = new ObjectKey("default", name);
      this.addresses = parse(addresses);
    }

    private static List<IpAddress> parse(String... texts) {
      return List.of(texts).stream().map(IpAddress::parse).toList();
    }

    Described created(long seconds) {
      created = seconds;
      return this;
    }

    Described port(int number, int target) {
      port = number;
      targetPort = target;
      return this;
    }

    Described nodePort() {
      nodePort = true;
      return this;
    }

    Described at(String... texts) {
      addresses = parse(texts);
      return this;
    }

    Described local() {
      policy = TrafficPolicy.LOCAL;
      return this;
    }

    Described ready(String address) {
      return add(address, true, true, false, "n1");
    }

    Described remote(String address) {
      return add(address, true, true, false, "n2");
    }

    Described draining(String address) {
      return add(address, false, true, true, "n1");
    }

    Described ended(String address) {
      return add(address, false, false, true, "n1");
    }

    private Described add(
        String address, boolean ready, boolean serving, boolean terminating, String node) {
      endpoints.add(new Endpoint(IpAddress.parse(address), ready, serving, terminating, node));
      return this;
    }

    private ServiceRecord service() {
      return new ServiceRecord(
          key,
          created,
          addresses,
          List.of(),
          List.of(),
          null,
          List.of(
              new ServicePortRecord("dns", Protocol.UDP, port, nodePort ? 30053 : 0),
              new ServicePortRecord("dns-tcp", Protocol.TCP, port, nodePort ? 30053 : 0)),
          policy,
          policy,
          0,
          0,
          "");
    }

    private List<EndpointSliceRecord> slices() {
      List<EndpointSliceRecord> made = new ArrayList<>();
      for (AddressFamily family : AddressFamily.values()) {
        made.add(
            new EndpointSliceRecord(
                new ObjectKey("default", key.name() + "-" + family),
                key,
                family,
                List.of(
                    new EndpointPort("dns", Protocol.UDP, targetPort),
                    new EndpointPort("dns-tcp", Protocol.TCP, targetPort)),
                endpoints.stream().filter(e -> e.address().family() == family).toList()));
      }
      return made;
    }
  }

  static Described service(String name, String... addresses) {
    return new Described(name, addresses);
  }

  /** A Service is created or changed, without a commit. */
  UdpCluster set(Described described) {
    slices.put(described.key, described.slices());
    changes.note(
        claims.update(
            described.key,
            ServiceFragment.of(described.service(), described.slices(), ServiceNode.named("n1"))),
        described.slices());
    return this;
  }

  UdpCluster delete(String name) {
    ObjectKey key = new ObjectKey("default", name);
    slices.remove(key);
    changes.note(claims.update(key, null), List.of());
    return this;
  }

  /** What a commit leaves to be looked for. */
  Map<FrontendAddress, Set<EndpointAddress>> commit() {
    return changes.take(claims, key -> slices.getOrDefault(key, List.of()));
  }

  /** What a repair leaves to be looked for. */
  Map<FrontendAddress, Set<EndpointAddress>> repair() {
    return changes.all(claims);
  }
}
