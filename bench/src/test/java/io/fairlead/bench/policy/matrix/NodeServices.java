package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.netlink.generic.MissingFamilyException;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.iptables.IptablesServices;
import io.fairlead.iptables.kernel.NftXtables;
import io.fairlead.ipvs.IpvsKernels;
import io.fairlead.ipvs.IpvsServices;
import io.fairlead.ipvs.IpvsSettings;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Programs into a node's kernel a Service for each of its pods, and the table every mode needs. */
final class NodeServices {

  private static final ServiceSettings SETTINGS =
      new ServiceSettings(
          new LocalPods.Networks(PodNetwork.POD_NETWORKS),
          List.of(),
          PodNetwork.SERVICE_NETWORKS,
          ServiceSettings.DEFAULT_MASQUERADE_MARK);
  private static final NodeNetwork NETWORK =
      new NodeNetwork(PodNetwork.POD_NETWORKS, PodNetwork.CLUSTER_NETWORKS, List.of());

  private NodeServices() {}

  /** What Services go through. */
  enum Mode {
    NFTABLES,
    IPTABLES,
    IPVS
  }

  /** Skips the tests of a class on a kernel without IPVS. */
  static void requireIpvs() throws Exception {
    try (TestNamespace namespace = TestNamespace.create("probe");
        IpvsSocket socket = namespace.call(IpvsSocket::open)) {
      socket.info();
    } catch (MissingFamilyException e) {
      Assumptions.abort("this kernel has no IPVS (module ip_vs): " + e.getMessage());
    }
  }

  static void program(Mode mode, PodNetwork network) throws Exception {
    TestNamespace node = network.node();
    AddressClaims claims = new AddressClaims();
    NfTablesSocket tables = network.closeFirst(node.call(NfTablesSocket::open));
    NftablesServices base = new NftablesServices(tables, claims, NETWORK, SETTINGS);
    ServiceBackend backend =
        switch (mode) {
          case NFTABLES -> base;
          case IPTABLES -> {
            base.serve(false);
            base.commit();
            yield new IptablesServices(node.call(NftXtables::open), claims, SETTINGS, () -> {});
          }
          case IPVS -> {
            base.serve(false);
            base.commit();
            yield ipvs(network, claims);
          }
        };
    network.closeFirst(backend);
    for (ObjectKey pod : network.pods()) {
      ServiceFragment fragment =
          ServiceFragment.of(
              service(pod),
              slices(pod),
              new ServiceNode(ClusterState.NODE, null, PodNetwork.NODE_ADDRESSES, true, false));
      backend.update(claims.update(pod, fragment));
    }
    backend.commit();
  }

  private static IpvsServices ipvs(PodNetwork network, AddressClaims claims) throws Exception {
    TestNamespace node = network.node();
    IpvsKernels kernels =
        new IpvsKernels(
            network.closeFirst(node.call(IpvsSocket::open)),
            network.closeFirst(node.call(NfTablesSocket::open)),
            network.closeFirst(node.call(RouteSocket::open)));
    // As the agent sets them.
    for (String name : List.of("conntrack", "expire_nodest_conn", "expire_quiescent_template")) {
      node.run("sysctl", "-q", "-w", "net.ipv4.vs." + name + "=1");
    }
    IpvsServices services =
        new IpvsServices(
            kernels,
            claims,
            SETTINGS,
            IpvsSettings.DEFAULT,
            (_, sentence) -> {
              throw new AssertionError(sentence);
            },
            () -> {});
    services.sources(PodNetwork.NODE_ADDRESSES);
    network.closeFirst(node.call(services::watch));
    return services;
  }

  private static ServiceRecord service(ObjectKey pod) {
    List<ServicePortRecord> ports = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (int port : PodNetwork.PORTS) {
        ports.add(new ServicePortRecord(protocol + "-" + port, protocol, port));
      }
    }
    return ServiceRecord.ofClusterIps(
        pod,
        List.of(
            PodNetwork.serviceAddress(pod, AddressFamily.IPV4),
            PodNetwork.serviceAddress(pod, AddressFamily.IPV6)),
        ports);
  }

  private static List<EndpointSliceRecord> slices(ObjectKey pod) {
    List<EndpointPort> ports = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (int port : PodNetwork.PORTS) {
        ports.add(new EndpointPort(protocol + "-" + port, protocol, port));
      }
    }
    List<EndpointSliceRecord> slices = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      slices.add(
          new EndpointSliceRecord(
              new ObjectKey(pod.namespace(), pod.name() + "-" + family),
              pod,
              family,
              ports,
              List.of(
                  new Endpoint(
                      PodNetwork.address(pod, family), true, true, false, ClusterState.NODE))));
    }
    return slices;
  }
}
