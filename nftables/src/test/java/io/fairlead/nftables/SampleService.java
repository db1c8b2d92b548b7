package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.EndpointSet;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.Frontend.Kind;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServicePortFragment;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds a Service of one port that has several frontends. */
final class SampleService {

  private final String name;
  private final AddressFamily family;
  private final TreeMap<FrontendAddress, Frontend> frontends = new TreeMap<>();
  private EndpointSet cluster = new EndpointSet(List.of(), Absence.REFUSE);
  private EndpointSet local = new EndpointSet(List.of(), Absence.REFUSE);
  private int affinitySeconds;
  private Protocol protocol = Protocol.TCP;

  private SampleService(String name, AddressFamily family) {
    this.name = name;
    this.family = family;
  }

  static SampleService ipv4(String name) {
    return new SampleService(name, AddressFamily.IPV4);
  }

  static SampleService ipv6(String name) {
    return new SampleService(name, AddressFamily.IPV6);
  }

  private static EndpointSet set(Absence absence, String... endpoints) {
    List<EndpointAddress> list = Arrays.stream(endpoints).map(Samples::parse).sorted().toList();
    return new EndpointSet(list, absence);
  }

  SampleService udp() {
    protocol = Protocol.UDP;
    return this;
  }

  /** Endpoints anywhere; none are refused. */
  SampleService cluster(String... endpoints) {
    cluster = set(Absence.REFUSE, endpoints);
    return this;
  }

  /** Endpoints of this node; none are dropped. */
  SampleService local(String... endpoints) {
    local = set(Absence.DROP, endpoints);
    return this;
  }

  SampleService affinity(int seconds) {
    affinitySeconds = seconds;
    return this;
  }

  SampleService clusterIp(String address, Reach reach) {
    return at(address, new Frontend(Kind.CLUSTER_IP, reach, Masquerade.ALL_BUT_LOCAL_PODS, null));
  }

  SampleService clusterIp(String address) {
    return clusterIp(address, Reach.CLUSTER);
  }

  /** A load balancer's address that all may use, or only some networks. */
  SampleService balancer(String address, Reach reach, String @Nullable ... allowed) {
    List<Cidr> sources =
        allowed == null || allowed.length == 0
            ? null
            : Arrays.stream(allowed).map(Cidr::parse).toList();
    return at(address, new Frontend(Kind.LOAD_BALANCER, reach, masquerade(reach), sources));
  }

  SampleService nodePort(int port, Reach reach) {
    frontends.put(
        new NodePort(family, protocol, port),
        new Frontend(Kind.NODE_PORT, reach, masquerade(reach), null));
    return this;
  }

  private static Masquerade masquerade(Reach reach) {
    return reach == Reach.LOCAL_FROM_OUTSIDE ? Masquerade.NODE : Masquerade.EVERYBODY;
  }

  private SampleService at(String address, Frontend frontend) {
    EndpointAddress virtual = Samples.parse(address);
    frontends.put(new VirtualAddress(virtual.address(), protocol, virtual.port()), frontend);
    return this;
  }

  Optional<ServiceFragment> build() {
    return Optional.of(
        new ServiceFragment(
            Samples.key(name),
            0,
            List.of(
                new ServicePortFragment(
                    "", protocol, family, cluster, local, affinitySeconds, "", frontends))));
  }
}
