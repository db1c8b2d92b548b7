package io.fairlead.agent.preflight;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Peer;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import io.fairlead.nftables.TunnelPackets;
import io.fairlead.nftables.guard.GuardedPort;
import io.fairlead.nftables.guard.PortGuard;
import io.fairlead.nftables.hostport.HostPortSettings;
import io.fairlead.nftables.hostport.HostSocket;
import io.fairlead.nftables.hostport.NftablesHostPorts;
import io.fairlead.nftables.hostport.PortForward;
import io.fairlead.nftables.hostport.PortOwner;
import io.fairlead.nftables.hostport.PortTakenException;
import io.fairlead.nftables.policy.NftablesPolicies;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Commits our own tables with a little of everything in them to the calling thread's network
 * namespace, so that whatever they are made of is asked of the kernel.
 */
final class TableProbe {

  private static final String BRIDGE = "probe0";
  private static final Cidr PODS = Cidr.parse("10.244.1.0/24");
  private static final IpAddress POD = IpAddress.parse("10.244.1.2");
  private static final ObjectKey NAME = new ObjectKey("probe", "probe");

  private TableProbe() {}

  /** Session affinity, source ranges, node ports, policy Local, addresses without endpoints. */
  static void services() throws IOException {
    ServiceRecord service =
        new ServiceRecord(
            NAME,
            0,
            List.of(IpAddress.parse("10.96.0.1"), IpAddress.parse("fd00:96::1")),
            List.of(IpAddress.parse("192.0.2.10")),
            List.of(IpAddress.parse("192.0.2.11")),
            List.of(Cidr.parse("198.51.100.0/24")),
            List.of(new ServicePortRecord("", Protocol.TCP, 80, 30080)),
            TrafficPolicy.CLUSTER,
            TrafficPolicy.LOCAL,
            10800,
            0,
            "");
    EndpointSliceRecord slice =
        new EndpointSliceRecord(
            NAME,
            NAME,
            AddressFamily.IPV4,
            List.of(new EndpointPort("", Protocol.TCP, 8080)),
            List.of(
                new Endpoint(POD, true, true, false, "probe"),
                new Endpoint(IpAddress.parse("10.244.2.2"), true, true, false, "other")));
    AddressClaims claims = new AddressClaims();
    NodeNetwork network =
        new NodeNetwork(
            List.of(PODS),
            List.of(Cidr.parse("10.244.0.0/16")),
            List.of(),
            true,
            true,
            new TunnelPackets(8472, 4097, BRIDGE));
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      NftablesServices services =
          new NftablesServices(kernel, claims, network, ServiceSettings.ofPods(List.of(PODS)));
      services.update(
          claims.update(
              NAME, ServiceFragment.of(service, List.of(slice), ServiceNode.named("probe"))));
      services.commit();
    }
  }

  /** Both directions, peers by selector and by block, ports by range and by name. */
  static void policies() throws IOException {
    Rule rule =
        new Rule(
            List.of(
                new Peer.Pods(null, LabelSelector.EVERYTHING),
                new Peer.Block(Cidr.parse("192.0.2.0/24"), List.of(Cidr.parse("192.0.2.128/25")))),
            List.of(new Port.Range(Protocol.TCP, 80, 90), new Port.Named(Protocol.UDP, "domain")));
    Enforcement enforcement = new Enforcement("probe", true);
    enforcement.policy(
        NAME,
        new NetworkPolicyRecord(NAME, LabelSelector.EVERYTHING, List.of(rule), List.of(rule)));
    enforcement.attach(new PodAttachment("probe", NAME, "", List.of(POD)));
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      NftablesPolicies policies =
          new NftablesPolicies(
              kernel, enforcement, new PolicySettings(List.of(PODS), 1, 100, BRIDGE, 8472));
      policies.update(enforcement.take());
      policies.commit();
      if (!policies.problems().isEmpty()) {
        throw new IOException(String.join("; ", policies.problems().values()));
      }
    }
  }

  static void hostPorts() throws IOException {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      NftablesHostPorts ports =
          new NftablesHostPorts(kernel, new HostPortSettings(BRIDGE, true), (_, _) -> {});
      ports.restore(Map.of());
      ports.add(
          new PortOwner("probe", "probe/probe"),
          List.of(
              new PortForward(
                  new HostSocket(AddressFamily.IPV4, Protocol.TCP, null, 8080), POD, 80)));
    } catch (PortTakenException e) {
      throw new IllegalStateException("nobody else has host ports here", e);
    }
  }

  static void guard() throws IOException {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      PortGuard guard = new PortGuard(kernel);
      guard.networks(List.of(PODS));
      guard.restore(
          List.of(
              new GuardedPort(
                  "probe2",
                  "probe/probe",
                  MacAddress.parse("0a:58:0a:f4:01:02"),
                  true,
                  List.of(POD))));
      guard.commit();
      String trouble = guard.trouble().orElse(null);
      if (trouble != null) {
        throw new IOException(trouble);
      }
    }
  }
}
