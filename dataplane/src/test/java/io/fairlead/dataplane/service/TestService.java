package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds Services in short words; what is not given is as ClusterIP Services have it. */
final class TestService {

  private String name = "web";
  private long created;
  private List<IpAddress> clusterIps = List.of(IpAddress.parse("10.96.0.10"));
  private List<IpAddress> externalIps = List.of();
  private List<IpAddress> balancerIps = List.of();
  private @Nullable List<Cidr> sourceRanges;
  private final List<ServicePortRecord> ports = new ArrayList<>();
  private TrafficPolicy internal = TrafficPolicy.CLUSTER;
  private TrafficPolicy external = TrafficPolicy.CLUSTER;
  private int affinitySeconds;
  private int healthCheckNodePort;

  /** Words separated by blanks; none for an empty text. */
  static List<String> words(@Nullable String text) {
    return text == null || text.isBlank() ? List.of() : List.of(text.strip().split(" +", -1));
  }

  private static List<IpAddress> addresses(@Nullable String text) {
    return words(text).stream().map(IpAddress::parse).toList();
  }

  TestService name(String given) {
    name = given;
    return this;
  }

  TestService created(long seconds) {
    created = seconds;
    return this;
  }

  TestService clusterIps(@Nullable String text) {
    clusterIps = addresses(text);
    return this;
  }

  TestService externalIps(@Nullable String text) {
    externalIps = addresses(text);
    return this;
  }

  TestService balancerIps(@Nullable String text) {
    balancerIps = addresses(text);
    return this;
  }

  TestService ranges(@Nullable String text) {
    sourceRanges = words(text).stream().map(Cidr::parse).toList();
    return this;
  }

  /** A TCP port without a node port. */
  TestService port(String portName, int port) {
    return port(portName, Protocol.TCP, port, 0);
  }

  TestService port(String portName, Protocol protocol, int port, int nodePort) {
    ports.add(new ServicePortRecord(portName, protocol, port, nodePort));
    return this;
  }

  TestService policies(TrafficPolicy internalPolicy, TrafficPolicy externalPolicy) {
    internal = internalPolicy;
    external = externalPolicy;
    return this;
  }

  TestService affinity(int seconds) {
    affinitySeconds = seconds;
    return this;
  }

  TestService healthCheckNodePort(int port) {
    healthCheckNodePort = port;
    return this;
  }

  /** With port 80, unnamed, if no port was given. */
  ServiceRecord build() {
    return new ServiceRecord(
        new ObjectKey("default", name),
        created,
        clusterIps,
        externalIps,
        balancerIps,
        sourceRanges,
        ports.isEmpty() ? List.of(new ServicePortRecord("", Protocol.TCP, 80)) : ports,
        internal,
        external,
        affinitySeconds,
        healthCheckNodePort,
        "");
  }

  ServiceFragment on(ServiceNode node, EndpointSliceRecord... slices) {
    return ServiceFragment.of(build(), Arrays.asList(slices), node);
  }

  /** On node-1, which is in no zone. */
  ServiceFragment fragment(EndpointSliceRecord... slices) {
    return on(ServiceNode.named("node-1"), slices);
  }
}
