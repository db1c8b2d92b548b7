package io.fairlead.agent.why;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.ManifestCluster;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteAnswer;
import io.fairlead.dataplane.policy.ClusterPolicies;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.overlay.OverlayMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * node-1 of two nodes with VXLAN: pods client and web-1 here, web-2 on node-2, and a Service web on
 * both. What the kernel holds can be changed.
 */
final class WhyFixture implements KernelFacts {

  static final String CLUSTER =
      """
      {apiVersion: v1, kind: Node, metadata: {name: node-1},
       spec: {podCIDRs: [10.244.1.0/24]},
       status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}}
      ---
      {apiVersion: v1, kind: Node, metadata: {name: node-2},
       spec: {podCIDRs: [10.244.2.0/24]},
       status: {addresses: [{type: InternalIP, address: 192.0.2.2}]}}
      ---
      {apiVersion: v1, kind: Namespace, metadata: {name: default}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: client, labels: {app: client}},
       spec: {nodeName: node-1}, status: {podIPs: [{ip: 10.244.1.2}]}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: web-1, labels: {app: web}},
       spec: {nodeName: node-1}, status: {podIPs: [{ip: 10.244.1.3}]}}
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: web-2, labels: {app: web}},
       spec: {nodeName: node-2}, status: {podIPs: [{ip: 10.244.2.3}]}}
      ---
      {apiVersion: v1, kind: Service, metadata: {name: web},
       spec: {clusterIP: 10.96.0.10, type: NodePort,
              ports: [{name: http, port: 80, nodePort: 30080}]}}
      ---
      {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice,
       metadata: {name: web-a, labels: {kubernetes.io/service-name: web}},
       addressType: IPv4, ports: [{name: http, port: 8080}],
       endpoints: [{addresses: [10.244.1.3], nodeName: node-1},
                   {addresses: [10.244.2.3], nodeName: node-2}]}
      """;

  static final MacAddress VTEP = MacAddress.parse("02:00:00:00:00:02");

  final ManifestCluster cluster = new ManifestCluster();
  final Map<String, Link> links = new LinkedHashMap<>();
  final Map<Cidr, Route> routes = new LinkedHashMap<>();
  final List<Neighbour> neighbours = new ArrayList<>();
  final List<ForwardingEntry> tunnelEndpoints = new ArrayList<>();
  final List<LocalPod> pods = new ArrayList<>();
  List<KernelObject> serviceObjects =
      List.of(
          KernelObject.counted("map inet fairlead service-ipv4", "10.96.0.10 . tcp . 80", 7, 420));
  OverlayMode overlay = OverlayMode.VXLAN;
  boolean policies = true;

  WhyFixture() throws Exception {
    cluster.put(CLUSTER);
    pods.add(pod("client", "10.244.1.2", "veth-client"));
    pods.add(pod("web-1", "10.244.1.3", "veth-web-1"));
    int up = 0x10001;
    link(2, "fairlead0", 1450, up, 0, new LinkKind.Bridge(false, false));
    link(4, "eth0", 1500, up, 0, new LinkKind.Other("ether"));
    link(3, "fairlead-vxlan", 1450, up, 0, new LinkKind.Vxlan(4097, 8472, null, 4, false));
    link(5, "veth-client", 1450, up, 2, new LinkKind.Veth());
    link(6, "veth-web-1", 1450, up, 2, new LinkKind.Veth());
    route(Route.to(Cidr.parse("10.244.1.0/24")).dev(2));
    route(
        Route.to(Cidr.parse("10.244.2.0/24"))
            .via(IpAddress.parse("10.244.2.0"))
            .dev(3)
            .withOnlink());
    route(Route.to(Cidr.parse("0.0.0.0/0")).via(IpAddress.parse("192.0.2.254")).dev(4));
    neighbours.add(Neighbour.permanent(3, IpAddress.parse("10.244.2.0"), VTEP));
    tunnelEndpoints.add(ForwardingEntry.vxlan(3, VTEP, IpAddress.parse("192.0.2.2")));
  }

  private static LocalPod pod(String name, String address, String link) {
    return new LocalPod(
        new ObjectKey("default", name), List.of(IpAddress.parse(address)), link, "attached");
  }

  void link(int index, String name, int mtu, int flags, int master, LinkKind kind) {
    links.put(name, new Link(index, name, null, mtu, flags, master, 0, -1, "", kind));
  }

  private void route(Route route) {
    routes.put(route.destination(), route);
  }

  WhyReport ask(String source, String destination) throws Exception {
    return new Walk(facts())
        .answer(
            Asked.parse(source, "default"),
            AskedDestination.parse(destination, "default"),
            destination);
  }

  private NodeFacts facts() {
    ClusterView view = cluster.view();
    ServiceNode node =
        new ServiceNode("node-1", null, List.of(IpAddress.parse("192.0.2.1")), true, false);
    AddressClaims claims = new AddressClaims();
    for (ServiceRecord service : view.services()) {
      claims.update(service.key(), ServiceFragment.of(service, view.slices(service.key()), node));
    }
    return new NodeFacts(
        "node-1",
        overlay,
        "fairlead0",
        view,
        claims,
        node,
        List.of(Cidr.parse("10.96.0.0/16")),
        List.of(Cidr.parse("10.244.0.0/16")),
        policies ? Optional.of(new Records(view)) : Optional.empty(),
        pods,
        this);
  }

  /** All policies of the records. */
  private record Records(ClusterView view) implements ClusterPolicies {
    @Override
    public @Nullable PodRecord pod(IpAddress address) {
      return view.policyObjects().pods().stream()
          .filter(pod -> pod.addresses().contains(address))
          .findFirst()
          .orElse(null);
    }

    @Override
    public @Nullable NamespaceRecord namespace(String name) {
      return view.policyObjects().namespace(name);
    }

    @Override
    public Collection<NetworkPolicyRecord> policies(String namespace) {
      return view.policyObjects().networkPolicies().stream()
          .filter(policy -> policy.key().namespace().equals(namespace))
          .toList();
    }
  }

  @Override
  public List<KernelObject> service(FrontendAddress address) {
    return serviceObjects;
  }

  @Override
  public List<KernelObject> policy(
      IpAddress pod,
      PolicyDirection direction,
      @Nullable ObjectKey policy,
      @Nullable IpAddress peer) {
    return List.of();
  }

  @Override
  public RouteAnswer route(
      @Nullable IpAddress source, IpAddress destination, @Nullable Link input) {
    for (Route route : routes.values()) {
      if (route.destination().contains(destination)) {
        return new RouteAnswer.Leads(route);
      }
    }
    return new RouteAnswer.Refuses(RouteAnswer.Reason.NO_ROUTE, null);
  }

  @Override
  public @Nullable Link link(String name) {
    return links.get(name);
  }

  @Override
  public @Nullable Link link(int index) {
    return links.values().stream().filter(link -> link.index() == index).findFirst().orElse(null);
  }

  @Override
  public @Nullable Neighbour neighbour(Link link, IpAddress address) {
    return neighbours.stream()
        .filter(each -> each.linkIndex() == link.index() && each.address().equals(address))
        .findFirst()
        .orElse(null);
  }

  @Override
  public @Nullable ForwardingEntry tunnelEndpoint(Link device, MacAddress mac) {
    return tunnelEndpoints.stream()
        .filter(each -> each.linkIndex() == device.index() && each.mac().equals(mac))
        .findFirst()
        .orElse(null);
  }
}
