package io.fairlead.agent.probe;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord.Rule;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.EndpointSet;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServicePortFragment;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.testing.PodLab;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import io.fairlead.nftables.policy.NftablesPolicies;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node with two pods, a Service of one of them, and its rules in the kernel. */
final class ProbeLab implements AutoCloseable {

  static final IpAddress CLIENT = IpAddress.parse("10.244.1.2");
  static final IpAddress SERVER = IpAddress.parse("10.244.1.3");
  static final IpAddress SERVICE = IpAddress.parse("10.96.0.10");
  private static final List<Cidr> PODS =
      List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:1::/64"));

  private final PodLab lab = new PodLab();
  private final NfTablesSocket kernel;
  private final Path names;
  final TestNamespace server;

  ProbeLab(Path folder) throws Exception {
    TestNamespace client = lab.host("client", CLIENT.toString(), "fd00:244:1::2");
    server = lab.host("server", SERVER.toString(), "fd00:244:1::3");
    names = Files.createDirectory(folder.resolve("netns"));
    Files.createSymbolicLink(names.resolve("client"), client.namespace().path());
    Files.createSymbolicLink(names.resolve("server"), server.namespace().path());
    kernel = node().call(NfTablesSocket::open);
    serve();
  }

  TestNamespace node() {
    return lab.node();
  }

  private void serve() throws IOException {
    TreeMap<FrontendAddress, Frontend> frontends = new TreeMap<>();
    frontends.put(
        new VirtualAddress(SERVICE, Protocol.TCP, 80),
        new Frontend(
            Frontend.Kind.CLUSTER_IP,
            Frontend.Reach.CLUSTER,
            Frontend.Masquerade.ALL_BUT_LOCAL_PODS,
            null));
    EndpointSet endpoints =
        new EndpointSet(List.of(new EndpointAddress(SERVER, 8080)), EndpointSet.Absence.REFUSE);
    ServicePortFragment port =
        new ServicePortFragment(
            "",
            Protocol.TCP,
            SERVER.family(),
            endpoints,
            new EndpointSet(List.of(), EndpointSet.Absence.REFUSE),
            0,
            "",
            frontends);
    AddressClaims claims = new AddressClaims();
    NftablesServices services =
        new NftablesServices(
            kernel, claims, new NodeNetwork(PODS, PODS, List.of()), ServiceSettings.ofPods(PODS));
    ObjectKey web = new ObjectKey("default", "web");
    services.update(claims.update(web, new ServiceFragment(web, 0, List.of(port))));
    services.commit();
  }

  /** Lets both pods in, and nobody to the server. */
  void isolateServer() throws IOException {
    Enforcement enforcement = new Enforcement("node-1", false);
    enforcement.namespace("default", new NamespaceRecord("default", Labels.of(Map.of())));
    pod(enforcement, "client", CLIENT);
    pod(enforcement, "server", SERVER);
    ObjectKey key = new ObjectKey("default", "nobody");
    LabelSelector selector = new LabelSelector(List.of(Requirement.equal("app", "server")));
    enforcement.policy(key, new NetworkPolicyRecord(key, selector, List.<Rule>of(), null));
    NftablesPolicies policies =
        new NftablesPolicies(kernel, enforcement, new PolicySettings(PODS, 100, 10));
    policies.update(enforcement.take());
    policies.commit();
  }

  private static void pod(Enforcement enforcement, String name, IpAddress address) {
    ObjectKey key = new ObjectKey("default", name);
    Labels labels = Labels.of(Map.of("app", name));
    enforcement.pod(
        key, new PodRecord(key, "", labels, List.of(address), "node-1", false, List.of(), 0));
  }

  /** Sends it on the node, where namespaces are known by these names only. */
  ProbeReport probe(ProbeRequest request) throws Exception {
    return node()
        .call(
            () -> new Probe(new NamespaceSearch(List.of(names), Path.of("/nowhere"))).run(request));
  }

  /** What the node's nf_tables has. */
  String tables() {
    return node().run("nft", "list", "tables");
  }

  @Override
  public void close() {
    kernel.close();
    lab.close();
  }
}
