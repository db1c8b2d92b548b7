package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The first packets of pods, out and in. Programs in a pod's namespace send from before there is an
 * interface, and others send to the address that it will have, from the same node's bridge and from
 * outside.
 */
class PodStartWholeTest {

  private static final int DENIED = 200;
  private static final int ALLOWED = 10;
  private static final int PORT = 9000;

  /** Datagrams in each direction after an ADD. */
  private static final int PROBES = 100;

  private static final long PAUSE_NANOS = 20_000;

  private @Nullable Lab lab;

  @BeforeEach
  void create() throws Exception {
    lab = Lab.create(LabOptions.of(1), Whole.distribution());
    List<String> objects = new ArrayList<>();
    objects.add(ClusterYaml.namespace());
    objects.add(PolicyManifests.policy("nothing", "denied", "ingress: []\negress: []"));
    objects.add(PolicyManifests.policy("anything", "allowed", "ingress: [{}]\negress: [{}]"));
    for (int i = 0; i < DENIED + ALLOWED; i++) {
      objects.add(ClusterYaml.pod("pod-" + i, "node-1", i < DENIED ? "denied" : "allowed"));
    }
    lab.manifests().put("objects", String.join("---\n", objects));
    lab.startAgents();
    lab.outside().run("ip", "route", "add", "10.244.1.0/24", "via", lab.node(1).address());
  }

  @AfterEach
  void close() {
    if (lab != null) {
      lab.close();
    }
  }

  private Lab lab() {
    if (lab == null) {
      throw new AssertionError("the lab was not made");
    }
    return lab;
  }

  /** The address of the i-th pod after the one that listens. */
  private static InetSocketAddress address(int i) {
    return new InetSocketAddress("10.244.1." + (3 + i), PORT);
  }

  /** Nobody has to be asked for a pod's MAC address, so that packets wait for nothing. */
  private static void knowNeighbours(LabNamespace namespace, String device) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < DENIED + ALLOWED; i++) {
      lines.add(
          "neigh replace 10.244.1.%d lladdr 0a:58:0a:f4:01:%02x dev %s nud permanent"
              .formatted(3 + i, 3 + i, device));
    }
    namespace.ip(lines.toArray(String[]::new));
  }

  @Test
  @DisplayName(
      "of 200 pods not a packet goes out or in that policies deny, from the first one on; what they"
          + " allow does (policy 1, faults 28)")
  void startWindow() throws Exception {
    Pod peer = lab().node(1).addPod("peer");
    knowNeighbours(peer.namespace(), "eth0");
    knowNeighbours(lab().node(1).namespace(), "fairlead0");
    try (Arrivals atPeer = Arrivals.listen(peer.namespace(), PORT);
        Arrivals outside = Arrivals.listen(lab().outside(), PORT);
        Spinner fromPeer = Spinner.start(peer.namespace(), PAUSE_NANOS, address(0));
        Spinner fromOutside = Spinner.start(lab().outside(), PAUSE_NANOS, address(0))) {
      InetSocketAddress[] others = {
        peer.at(PORT), new InetSocketAddress(lab().outsideAddress(), PORT)
      };
      for (int i = 0; i < DENIED + ALLOWED; i++) {
        boolean denied = i < DENIED;
        fromPeer.targets(address(i));
        fromOutside.targets(address(i));
        LabNamespace namespace = LabNamespace.create("pod-" + i);
        try (Arrivals atPod = Arrivals.listen(namespace, PORT);
            Spinner fromPod = Spinner.start(namespace, 0, others)) {
          int peerBefore = atPeer.all();
          int outsideBefore = outside.all();
          Pod pod = lab().node(1).addPod("pod-" + i, UUID.randomUUID().toString(), namespace);
          assertThat(pod.at(PORT)).as("what was sent to").isEqualTo(address(i));
          if (denied) {
            int fromPeerBefore = fromPeer.sent();
            int fromOutsideBefore = fromOutside.sent();
            int fromPodBefore = fromPod.sent();
            Await.until(
                "enough was sent",
                Await.PATIENCE,
                () ->
                    fromPeer.sent() - fromPeerBefore > PROBES
                        && fromOutside.sent() - fromOutsideBefore > PROBES
                        && fromPod.sent() - fromPodBefore > PROBES);
            assertThat(atPod.all()).as("packets into pod %s", i).isZero();
            assertThat(atPeer.all()).as("packets to the peer, pod %s", i).isZero();
            assertThat(outside.all()).as("packets to the outside, pod %s", i).isZero();
          } else {
            Await.until(
                "packets of pod " + i + " go everywhere",
                Await.PATIENCE,
                () ->
                    atPod.datagrams() > 0
                        && atPod.connections() > 0
                        && atPeer.all() > peerBefore
                        && outside.all() > outsideBefore);
          }
          pod.delete();
        }
      }
    }
  }
}
