package io.fairlead.bench.lab;

import io.fairlead.dataplane.model.AddressFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Two nodes with two pods each, in both families. Nodes detect duplicate addresses as hosts do, so
 * that what waits for that is seen to wait. Not thread-safe.
 */
final class DualStackCluster implements AutoCloseable {

  static final int POD_PORT = 8080;
  static final int SERVICE_PORT = 80;
  static final Duration LIMIT = Duration.ofSeconds(2);

  /** An address that is no Service's yet is silent. */
  private static final Duration TRY = Duration.ofMillis(200);

  private static final Duration PROGRAMMED = Duration.ofSeconds(10);
  private static final Manifests.Port[] PORTS = {
    new Manifests.Port("web", "TCP", SERVICE_PORT, POD_PORT),
    new Manifests.Port("web-udp", "UDP", SERVICE_PORT, POD_PORT),
  };

  final Lab lab;
  final Pod podA;
  final Pod podB;
  final Pod podC;
  final Pod podD;

  /** From the end of pod-c's ADD, the first on its node, to the first answer it gave elsewhere. */
  final Map<AddressFamily, Duration> firstAnswers = new EnumMap<>(AddressFamily.class);

  private int services;

  DualStackCluster() throws IOException, InterruptedException {
    lab = Lab.create(LabOptions.of(2).withDualStack(), Whole.distribution());
    try {
      for (Node node : lab.nodes()) {
        node.namespace().sysctl("net/ipv6/conf/all/accept_dad", "1");
        node.namespace().sysctl("net/ipv6/conf/default/accept_dad", "1");
      }
      lab.startAgents();
      awaitWays();
      podA = attach(1, "pod-a");
      podC = attach(2, "pod-c");
      for (AddressFamily family : List.of(AddressFamily.IPV6, AddressFamily.IPV4)) {
        long start = System.nanoTime();
        EchoClient.tcp(podA.namespace(), podC.at(family, POD_PORT), Duration.ofSeconds(5));
        firstAnswers.put(family, Duration.ofNanos(System.nanoTime() - start));
      }
      podB = attach(1, "pod-b");
      podD = attach(2, "pod-d");
    } catch (IOException | InterruptedException e) {
      lab.close();
      throw e;
    }
  }

  private Pod attach(int node, String name) throws IOException, InterruptedException {
    Pod pod = lab.node(node).addPod(name);
    pod.serve(POD_PORT);
    return pod;
  }

  List<Pod> pods() {
    return List.of(podA, podB, podC, podD);
  }

  private void awaitWays() throws IOException, InterruptedException {
    for (AddressFamily family : AddressFamily.values()) {
      awaitDevice(family, "fairlead-vxlan");
    }
  }

  /** Waits until both nodes reach each other's pods of a family by {@code device}. */
  void awaitDevice(AddressFamily family, String device) throws IOException, InterruptedException {
    Node one = lab.node(1);
    Node two = lab.node(2);
    Await.until(
        "both nodes reach the other's " + family + " pods by " + device,
        PROGRAMMED,
        () -> route(one, two, family).contains(device) && route(two, one, family).contains(device));
  }

  private static String route(Node from, Node to, AddressFamily family)
      throws IOException, InterruptedException {
    String prefix = pick(family, to.podCidrs());
    return from.namespace()
        .run("ip", family == AddressFamily.IPV4 ? "-4" : "-6", "route", "show", prefix);
  }

  /** A Service with an address per family. */
  record DualService(String name, List<String> addresses) {
    InetSocketAddress at(AddressFamily family) {
      return new InetSocketAddress(InetAddress.ofLiteral(pick(family, addresses)), SERVICE_PORT);
    }
  }

  /** The one of a family, of a list with the IPv4 one first. */
  static String pick(AddressFamily family, List<String> both) {
    return family == AddressFamily.IPV4 ? both.getFirst() : both.getLast();
  }

  /** A new Service whose endpoints are {@code pods}; nodes may not know of it yet. */
  DualService publish(Collection<Pod> pods) throws IOException {
    int number = ++services;
    String name = "dual-" + number;
    List<String> ips = List.of("10.96.0." + number, "fd00:10:96::" + number);
    putEndpoints(name, pods);
    lab.manifests().putService(name, ips, PORTS);
    return new DualService(name, ips);
  }

  void putEndpoints(String service, Collection<Pod> pods) throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      lab.manifests().stageEndpoints(service, family, pods, PORTS).commit();
    }
  }

  /** Waits until a Service answers {@code client} in both families. */
  static void awaitAnswers(LabNamespace client, DualService service)
      throws IOException, InterruptedException {
    for (AddressFamily family : AddressFamily.values()) {
      Await.until(
          service.name() + " answers " + client.name() + " by " + family,
          PROGRAMMED,
          () -> {
            try {
              return !EchoClient.tcp(client, service.at(family), TRY).server().isEmpty();
            } catch (IOException e) {
              return false;
            }
          });
    }
  }

  @Override
  public void close() {
    lab.close();
  }
}
