package io.fairlead.bench.datapath;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes on the same underlay whose bridge, VXLAN device and routes were made by hand, with packets
 * of the same size, and without connection tracking or any rule.
 */
final class PlainNodes implements PodPair.Nodes {

  private final Lab lab;
  private final List<LabNamespace> pods = new ArrayList<>();

  private PlainNodes(Lab lab) {
    this.lab = lab;
  }

  static PlainNodes create(Distribution distribution) throws IOException, InterruptedException {
    PlainNodes nodes = new PlainNodes(Lab.create(LabOptions.of(2), distribution));
    try {
      for (int index = 1; index <= 2; index++) {
        nodes.connect(index);
      }
      nodes.attach(1, 2);
      nodes.attach(1, 3);
      nodes.attach(2, 2);
      return nodes;
    } catch (IOException | InterruptedException e) {
      nodes.close();
      throw e;
    }
  }

  private void connect(int index) throws IOException, InterruptedException {
    Node node = lab.node(index);
    int other = 3 - index;
    node.namespace()
        .run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.bridge.bridge-nf-call-iptables=0");
    ip(
        node.namespace(),
        "link add br0 mtu 1450 type bridge",
        "address add 10.244.%d.1/24 dev br0".formatted(index),
        "link set br0 up",
        "link add vxlan1 address %s mtu 1450 type vxlan id 1 local %s dev eth0 dstport 8472 nolearning"
            .formatted(mac(index), node.address()),
        "link set vxlan1 up",
        "neighbour replace 10.244.%d.0 lladdr %s dev vxlan1 nud permanent"
            .formatted(other, mac(other)),
        "route add 10.244.%1$d.0/24 via 10.244.%1$d.0 dev vxlan1 onlink".formatted(other));
    node.namespace()
        .run("bridge", "fdb", "add", mac(other), "dev", "vxlan1", "dst", lab.node(other).address());
  }

  private static String mac(int index) {
    return "0a:00:00:00:00:0" + index;
  }

  private void attach(int index, int host) throws IOException, InterruptedException {
    LabNamespace pod = LabNamespace.create("plain-" + index + "-" + host);
    pods.add(pod);
    Ends.withoutPacing(pod);
    ip(
        lab.node(index).namespace(),
        "link add pod%d mtu 1450 type veth peer name eth0 mtu 1450 netns %s"
            .formatted(host, pod.path()),
        "link set pod%d master br0 up".formatted(host));
    ip(
        pod,
        "address add 10.244.%d.%d/24 dev eth0".formatted(index, host),
        "link set eth0 up",
        "route add default via 10.244.%d.1".formatted(index));
  }

  private static void ip(LabNamespace namespace, String... lines)
      throws IOException, InterruptedException {
    for (String line : lines) {
      List<String> command = new ArrayList<>(List.of("ip"));
      command.addAll(List.of(line.split(" ", -1)));
      namespace.run(command.toArray(String[]::new));
    }
  }

  @Override
  public PodPair near() {
    return new PodPair(pods.get(0), pods.get(1), "10.244.1.3");
  }

  @Override
  public PodPair far() {
    return new PodPair(pods.get(0), pods.get(2), "10.244.2.2");
  }

  @Override
  public void close() {
    pods.forEach(LabNamespace::close);
    lab.close();
  }
}
