package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteMonitor;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.sys.Errno;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pods are held to their bandwidth (pod-network 38). */
class ShapingKernelTest extends CniServiceKernelTestBase {

  private static final String BOTH = "\"ingressRate\":4000000,\"egressRate\":8000000";

  private CniResponse limited(String bandwidth) {
    return request(
        "ADD",
        "a",
        "eth0",
        CONFIG.replace("}", ",\"runtimeConfig\":{\"bandwidth\":{" + bandwidth + "}}}"));
  }

  private String port() {
    return service.attachments().getFirst().hostInterface();
  }

  private String shaper() {
    return port().replace("veth", "ifb-");
  }

  private String queues(String link) {
    return host.run("tc", "qdisc", "show", "dev", link);
  }

  private String shapers() {
    return host.run("ip", "-br", "link", "show", "type", "ifb");
  }

  private void delete() {
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertNoPod();
    assertThat(shapers()).isEmpty();
  }

  @Test
  @DisplayName("limits both ways, and DEL leaves nothing (pod-network 38)")
  void bothWays() throws Exception {
    CniResponse added = limited(BOTH);
    assertDone(added);
    assertThat(queues(port())).contains("tbf", "root", "rate 4Mbit", "ingress ffff:");
    assertThat(queues(shaper())).contains("tbf", "root", "rate 8Mbit");
    assertThat(host.run("tc", "filter", "show", "dev", port(), "ingress"))
        .contains("Redirect to device " + shaper());
    assertDone(check("a", added));
    assertThat(configure("10.1.0.0/24", "fd00:1::/64")).as("nothing to correct").isEmpty();
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
    delete();
  }

  @Test
  @DisplayName("one direction, and a burst of MaxUint32 that means none (pod-network 38)")
  void oneDirection() throws Exception {
    assertDone(limited("\"ingressRate\":4000000,\"ingressBurst\":4294967295"));
    assertThat(queues(port()))
        .contains("rate 4Mbit")
        .contains("burst 50000b")
        .doesNotContain("ingress");
    assertThat(shapers()).isEmpty();
    delete();
    assertDone(limited("\"egressRate\":8000000,\"egressBurst\":800000"));
    assertThat(queues(port())).doesNotContain("tbf").contains("ingress");
    assertThat(queues(shaper())).contains("rate 8Mbit");
    delete();
  }

  @Test
  @DisplayName("traffic is as slow as it should be, each way (pod-network 38)")
  void traffic() throws Exception {
    assertDone(limited(BOTH));
    // 300 kB less a burst of 50 kB at 4 Mbit/s take half a second; 100 kB of burst at 8 Mbit/s.
    assertThat(nanosToSend(true, 300_000)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(300));
    assertThat(nanosToSend(false, 500_000)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(250));
    assertThat(host.run("tc", "-s", "qdisc", "show", "dev", shaper()))
        .doesNotContain("Sent 0 bytes");
    delete();
  }

  /** How long it takes until so many bytes have arrived over TCP. */
  private long nanosToSend(boolean toPod, int bytes) throws Exception {
    ServerSocket server =
        (toPod ? pod : host)
            .call(() -> {
              ServerSocket socket = new ServerSocket();
              socket.bind(
                  new InetSocketAddress(
                      InetAddress.ofLiteral(toPod ? "10.1.0.2" : "10.1.0.1"), 7000));
              return socket;
            });
    try (server) {
      CompletableFuture<Long> arrived =
          CompletableFuture.supplyAsync(() -> {
            try (Socket socket = server.accept();
                DataInputStream in = new DataInputStream(socket.getInputStream())) {
              in.readNBytes(bytes);
              return System.nanoTime();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      Socket client =
          (toPod ? host : pod)
              .call(() -> new Socket(InetAddress.ofLiteral(toPod ? "10.1.0.2" : "10.1.0.1"), 7000));
      long start = System.nanoTime();
      try (client;
          OutputStream out = client.getOutputStream()) {
        out.write(new byte[bytes]);
        return arrived.get(30, TimeUnit.SECONDS) - start;
      }
    }
  }

  @Test
  @DisplayName(
      "an IFB that is removed behind our back is an event, and comes back (pod-network 38)")
  void shaperRemoved() throws Exception {
    assertDone(limited(BOTH));
    BlockingQueue<RouteEvent> events = new LinkedBlockingQueue<>();
    try (RouteMonitor _ = host.call(() -> RouteMonitor.start(events::add, _ -> {}))) {
      host.run("ip", "link", "del", shaper());
      RouteEvent event = events.poll(10, TimeUnit.SECONDS);
      while (event != null && !service.isDisturbedBy(event)) {
        event = events.poll(10, TimeUnit.SECONDS);
      }
      assertThat(event).isNotNull();
      assertThat(configure("10.1.0.0/24", "fd00:1::/64")).isNotEmpty();
      assertThat(queues(shaper())).contains("rate 8Mbit");
      pod.run("ping", "-c1", "-W2", "10.1.0.1");
      assertThat(configure("10.1.0.0/24", "fd00:1::/64")).isEmpty();
      events.clear();
      delete();
      for (RouteEvent left : events) {
        assertThat(service.isDisturbedBy(left)).as(left.toString()).isFalse();
      }
    }
  }

  @Test
  @DisplayName("limits come back with a port, a queue and a restart (pod-network 29, 38)")
  void repaired() throws Exception {
    assertDone(limited(BOTH));
    host.run("tc", "qdisc", "del", "dev", port(), "root");
    host.run("tc", "qdisc", "del", "dev", port(), "ingress");
    host.run("ip", "link", "set", port(), "nomaster");
    service.close();
    service = start(folder.resolve("state"));
    configure("10.1.0.0/24", "fd00:1::/64");
    assertThat(queues(port())).contains("rate 4Mbit", "ingress");
    assertThat(queues(shaper())).contains("rate 8Mbit");
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
    pod.run("ip", "link", "del", "eth0"); // As when the pod's namespace ends: its IFB stays.
    assertThat(shapers()).isNotEmpty();
    configure("10.1.0.0/24", "fd00:1::/64");
    assertThat(shapers()).isEmpty();
    delete();
  }

  @Test
  @DisplayName("a kernel without IFB: the pod's own interface shapes (pod-network 38)")
  void withoutIntermediateDevices() throws Exception {
    onHost =
        operation -> {
          if (operation.toString().endsWith("type ifb")) {
            throw new NetlinkException(operation.toString(), Errno.EOPNOTSUPP, "", -1, 0);
          }
        };
    assertDone(limited(BOTH));
    assertThat(pod.run("tc", "qdisc", "show", "dev", "eth0")).contains("rate 8Mbit");
    assertThat(queues(port())).contains("rate 4Mbit").doesNotContain("ingress");
    configure("10.1.0.0/24", "fd00:1::/64");
    pod.run("ping", "-c1", "-W2", "10.1.0.1");
    delete();
  }

  @Test
  @DisplayName("a kernel without token buckets: an error and no residue (pod-network 38)")
  void withoutTokenBuckets() throws Exception {
    onHost =
        operation -> {
          if (operation instanceof RouteOperation.SetTokenBucket) {
            throw new NetlinkException(operation.toString(), Errno.ENOENT, "", -1, 0);
          }
        };
    assertFailed(limited(BOTH), 102, "set token bucket");
    assertNoPod();
    assertThat(shapers()).isEmpty();
  }
}
