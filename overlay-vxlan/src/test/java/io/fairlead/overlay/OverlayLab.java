package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation.Add;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.testing.TestNamespace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Nodes on one Ethernet, each with a pod behind a bridge, in both families. Node number i, from 1,
 * has 192.0.2.i and 2001:db8::i; its pod 10.244.i.2 and fd00:10:244:i::2.
 */
final class OverlayLab implements AutoCloseable {

  private static final LinkSettings UP = LinkSettings.NONE.withUp(true);

  final List<LabNode> nodes = new ArrayList<>();
  final TestNamespace ethernet;
  private final RouteKernel cables;

  /** A node with its pod. */
  static final class LabNode implements AutoCloseable {

    final int number;
    final NodeRecord record;
    final TestNamespace host;
    final TestNamespace pod;
    final RouteSocket kernel;

    LabNode(int number) throws Exception {
      this.number = number;
      this.record = Nodes.dual(number);
      this.host = TestNamespace.create("node-" + number);
      this.pod = TestNamespace.create("pod-" + number);
      this.kernel = host.call(RouteSocket::open);
      for (TestNamespace place : List.of(host, pod)) {
        // Forwarded packets wait until the link-local address of the link is known to be unique.
        place.run(
            "sh",
            "-c",
            "for c in all default; do echo 0 >/proc/sys/net/ipv6/conf/$c/accept_dad; done");
      }
    }

    Overlay overlay(OverlayOptions options) {
      return new Overlay(kernel, ReversePathFilter.ofKernel(), record.name(), options);
    }

    int index(String link) throws Exception {
      return Objects.requireNonNull(kernel.link(link)).index();
    }

    @Override
    public void close() {
      kernel.close();
      pod.close();
      host.close();
    }
  }

  OverlayLab(int size) throws Exception {
    ethernet = TestNamespace.create("ethernet");
    cables = ethernet.call(RouteSocket::open);
    cables.applyAll(new AddLink("switch", LinkKind.Bridge.DEFAULT, UP));
    int hub = Objects.requireNonNull(cables.link("switch")).index();
    for (int i = 1; i <= size; i++) {
      LabNode node = new LabNode(i);
      nodes.add(node);
      cables.applyAll(
          new AddVethPair(
              "port" + i,
              UP.withMaster(hub),
              "eth0",
              LinkSettings.NONE.withNamespace(node.host.namespace().descriptor())));
      configure(node);
    }
  }

  private static void configure(LabNode node) throws Exception {
    int i = node.number;
    node.host.run(
        "sh",
        "-c",
        "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
    node.kernel.applyAll(
        new ChangeLink(LinkSelector.of("eth0"), UP),
        new AddLink("pods", LinkKind.Bridge.DEFAULT, UP));
    node.kernel.applyAll(
        new AddVethPair(
            "pod0",
            UP.withMaster(node.index("pods")),
            "eth0",
            LinkSettings.NONE.withNamespace(node.pod.namespace().descriptor())),
        address(node.index("eth0"), "192.0.2." + i, 24),
        address(node.index("eth0"), "2001:db8::" + i, 64),
        address(node.index("pods"), "10.244." + i + ".1", 24),
        address(node.index("pods"), "fd00:10:244:" + i + "::1", 64));
    try (RouteSocket inPod = node.pod.call(RouteSocket::open)) {
      int eth0 = Objects.requireNonNull(inPod.link("eth0")).index();
      inPod.applyAll(
          new ChangeLink(LinkSelector.of("eth0"), UP.withMtu(1450)),
          address(eth0, "10.244." + i + ".2", 24),
          address(eth0, "fd00:10:244:" + i + "::2", 64),
          route("0.0.0.0/0", "10.244." + i + ".1"),
          route("::/0", "fd00:10:244:" + i + "::1"));
    }
  }

  private static Add address(int link, String address, int length) {
    return new Add(LinkAddress.of(link, IpAddress.parse(address), length));
  }

  private static Add route(String to, String via) {
    return new Add(Route.to(io.fairlead.dataplane.model.Cidr.parse(to)).via(IpAddress.parse(via)));
  }

  LabNode node(int number) {
    return nodes.get(number - 1);
  }

  List<NodeRecord> records() {
    return nodes.stream().map(node -> node.record).toList();
  }

  /** Whether a place reaches the pod of another node, in both families. */
  static boolean reaches(TestNamespace from, int to) {
    return ping(from, "10.244." + to + ".2") && ping(from, "fd00:10:244:" + to + "::2");
  }

  static boolean ping(TestNamespace from, String address) {
    return from.tryRun("ping", "-n", "-c", "1", "-W", "2", address).exit() == 0;
  }

  /** Fifty or more pings a second until it is ended, from one pod to another. */
  static final class Flow {

    private final String name;
    private final Process process;

    Flow(TestNamespace from, String to) throws Exception {
      name = "to " + to;
      process = from.start(List.of("ping", "-n", "-q", "-i", "0.004", "-W", "2", to));
    }

    /** Ends it and demands that every ping was answered, and that there were many. */
    void assertNothingLost() throws Exception {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      String summary = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
      assertThat(summary).as(name).contains(" 0% packet loss");
      int sent =
          Integer.parseInt(summary.replaceAll("(?s).*\\n(\\d+) packets transmitted.*", "$1"));
      assertThat(sent).as(name).isGreaterThan(20);
      System.out.println("flow " + name + ": " + sent + " pings, none lost");
    }
  }

  /** Both families, both directions, between the pods of nodes 1 and 2. */
  List<Flow> flows() throws Exception {
    return List.of(
        new Flow(node(1).pod, "10.244.2.2"),
        new Flow(node(2).pod, "10.244.1.2"),
        new Flow(node(1).pod, "fd00:10:244:2::2"),
        new Flow(node(2).pod, "fd00:10:244:1::2"));
  }

  @Override
  public void close() {
    nodes.forEach(LabNode::close);
    cables.close();
    ethernet.close();
  }
}
