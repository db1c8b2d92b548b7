package io.fairlead.dataplane.testing.behaviour;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A dual-stack Service of the lab with every kind of address, and a TCP and a UDP port of the same
 * number (services 12).
 *
 * @param number 1 to 2,000; its addresses and its node port follow from it
 * @param affinitySeconds 0 for no affinity
 */
record Variant(
    int number,
    TrafficPolicy internal,
    TrafficPolicy external,
    EndpointMix mix,
    Sources sources,
    int affinitySeconds) {

  private static final int FIRST_NODE_PORT = 30_000;

  static final String NODE_NAME = "node-1";

  /** A Service without source ranges and affinity. */
  Variant(int number, TrafficPolicy internal, TrafficPolicy external, EndpointMix mix) {
    this(number, internal, external, mix, Sources.ANY, 0);
  }

  /** A Service with both policies Cluster. */
  Variant(int number, EndpointMix mix) {
    this(number, TrafficPolicy.CLUSTER, TrafficPolicy.CLUSTER, mix);
  }

  ObjectKey key() {
    return new ObjectKey("behaviour", "service-" + number);
  }

  Variant with(EndpointMix other) {
    return new Variant(number, internal, external, other, sources, affinitySeconds);
  }

  Variant withAffinity(int seconds) {
    return new Variant(number, internal, external, mix, sources, seconds);
  }

  int nodePort() {
    return FIRST_NODE_PORT + number;
  }

  IpAddress address(Path path, AddressFamily family) {
    return switch (path) {
      case CLUSTER_IP -> BehaviourLab.address(BehaviourLab.CLUSTER_IPS, family, number);
      case LOAD_BALANCER -> BehaviourLab.address(BehaviourLab.BALANCER_IPS, family, number);
      case EXTERNAL_IP -> BehaviourLab.address(BehaviourLab.EXTERNAL_IPS, family, number);
      case NODE_PORT -> BehaviourLab.nodeAddress(family);
    };
  }

  int port(Path path) {
    return path == Path.NODE_PORT ? nodePort() : BehaviourLab.SERVICE_PORT;
  }

  private List<IpAddress> addresses(Path path) {
    return Arrays.stream(AddressFamily.values()).map(family -> address(path, family)).toList();
  }

  ServiceRecord record() {
    return new ServiceRecord(
        key(),
        number,
        addresses(Path.CLUSTER_IP),
        addresses(Path.EXTERNAL_IP),
        addresses(Path.LOAD_BALANCER),
        sources.ranges(),
        List.of(
            new ServicePortRecord("stream", Protocol.TCP, BehaviourLab.SERVICE_PORT, nodePort()),
            new ServicePortRecord("datagram", Protocol.UDP, BehaviourLab.SERVICE_PORT, nodePort())),
        internal,
        external,
        affinitySeconds,
        0,
        "");
  }

  /** One slice per family, as the API has them. */
  List<EndpointSliceRecord> slices() {
    List<EndpointSliceRecord> slices = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      slices.add(
          new EndpointSliceRecord(
              new ObjectKey(key().namespace(), key().name() + "-" + family.name()),
              key(),
              family,
              List.of(
                  new EndpointPort("stream", Protocol.TCP, BehaviourLab.TCP_PORT),
                  new EndpointPort("datagram", Protocol.UDP, BehaviourLab.UDP_PORT)),
              mix.backings().stream().map(backing -> endpoint(backing, family)).toList()));
    }
    return slices;
  }

  private static Endpoint endpoint(EndpointMix.Backing backing, AddressFamily family) {
    EndpointMix.Condition condition = backing.condition();
    return new Endpoint(
        backing.pod().address(family),
        condition.ready,
        condition.serving,
        condition.terminating,
        backing.pod().isLocalPod() ? NODE_NAME : "node-2");
  }

  @Override
  public String toString() {
    return "internal "
        + internal.name().toLowerCase(Locale.ROOT)
        + ", external "
        + external.name().toLowerCase(Locale.ROOT)
        + ", "
        + mix
        + (sources == Sources.ANY ? "" : ", " + sources)
        + (affinitySeconds == 0 ? "" : ", affinity");
  }
}
